export { explain } from './explain';
export { grant } from './grant';
export { list } from './list';
export { replace } from './replace';
export { revoke } from './revoke';
