import type { AssignmentView, HelpRequestView } from '../../../../src/shared/api-types.ts';
import { type ApiProblem, asProblem, call } from '../../api-client.ts';
import { onSessionChange, session } from '../../session.svelte.ts';

let requests = $state.raw<HelpRequestView[]>([]);
let tasks = $state.raw<AssignmentView[]>([]);
let isLoaded = $state(false);
let problem = $state.raw<ApiProblem | null>(null);

/** What the reader asked for and what they promised, as last read. Kept in memory only. */
export const mine = {
  get requests(): HelpRequestView[] {
    return requests;
  },
  get tasks(): AssignmentView[] {
    return tasks;
  },
  get isLoaded(): boolean {
    return isLoaded;
  },
  get problem(): ApiProblem | null {
    return problem;
  },
};

/** Reads the reader's own requests, newest first. */
export async function readMyRequests(): Promise<void> {
  try {
    const page = await call('listHelpRequests', { query: { view: 'mine', limit: 50 } });
    requests = page.items as HelpRequestView[];
    problem = null;
    isLoaded = true;
  } catch (error) {
    problem = asProblem(error);
  }
}

/** Reads the tasks of a volunteer; nothing for everybody else. */
export async function readMyTasks(): Promise<void> {
  if (!session.hasRole('volunteer')) {
    tasks = [];
    return;
  }
  try {
    tasks = (await call('listMyAssignments', { query: { limit: 50 } })).items;
  } catch (error) {
    problem = asProblem(error);
  }
}

onSessionChange(() => {
  requests = [];
  tasks = [];
  isLoaded = false;
  problem = null;
});
