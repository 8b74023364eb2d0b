/** A page that breaks again and again says so only this often. */
const REPORTS_AT_MOST = 5;
let sent = 0;

interface Report {
  kind: 'error' | 'csp';
  message: string;
  source?: string;
  line?: number;
}

/** Tells the server that something of ours went wrong: what, in which file, on which screen; nothing that was typed. */
export function reportError(report: Report): void {
  sent += 1;
  if (sent > REPORTS_AT_MOST) return;
  const body = {
    ...report,
    message: report.message.slice(0, 500) || 'unknown',
    source: (report.source ?? '').slice(0, 300),
    // The kind of screen, not whose: ids stay out.
    page: location.pathname.replace(/[0-9a-f-]{20,}/gi, ':id').slice(0, 200),
  };
  fetch('/api/client-errors', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    keepalive: true,
  }).catch(() => undefined);
}

/** Reports what nobody caught, and what the page's policy refused. */
export function startErrorReports(): void {
  addEventListener('error', ({ message, filename, lineno }) => {
    if (message) reportError({ kind: 'error', message, source: filename, line: lineno });
  });
  addEventListener('unhandledrejection', ({ reason }) => {
    const { name = '', message = '' } = (reason ?? {}) as { name?: string; message?: string };
    reportError({ kind: 'error', message: `${name} ${message}`.trim() });
  });
  document.addEventListener('securitypolicyviolation', (event) => {
    reportError({
      kind: 'csp',
      message: `${event.effectiveDirective} ${event.blockedURI}`,
      source: event.sourceFile,
      line: event.lineNumber,
    });
  });
}
