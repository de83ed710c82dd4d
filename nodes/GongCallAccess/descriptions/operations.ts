export { explain } from './explain';
export { list } from './list';
export { grant } from './grant';
export { replace } from './replace';
export { revoke } from './revoke';
