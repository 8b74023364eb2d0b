/** Who has an open socket just now, counted per account. Lives as long as the process; nothing of it is stored. */
export function createReachability() {
  const open = new Map<string, number>();
  return {
    /** True while at least one socket of the account is open. */
    isReachable: (accountId: string): boolean => open.has(accountId),
    opened(accountId: string): void {
      open.set(accountId, (open.get(accountId) ?? 0) + 1);
    },
    closed(accountId: string): void {
      const left = (open.get(accountId) ?? 0) - 1;
      if (left > 0) open.set(accountId, left);
      else open.delete(accountId);
    },
    /** How many accounts can be reached. */
    count: (): number => open.size,
  };
}

export type Reachability = ReturnType<typeof createReachability>;
