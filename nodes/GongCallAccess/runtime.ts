// What a run or a list needs. The build makes one file of it, so that the two share their rate limiters.
export { getCalls, getUsers, getWorkspaces } from './methods/lists';
export { answerRun } from './run';
