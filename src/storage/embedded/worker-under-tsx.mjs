// Node 20 does not hand the loader of the main thread on to a worker, so under tsx the worker begins here.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
