export { explain } from './explainPanel';
export { list } from './listPanel';
export { grant } from './grantPanel';
export { replace } from './replacePanel';
export { revoke } from './revokePanel';
