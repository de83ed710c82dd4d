export { explain } from './explainDescription';
export { list } from './listDescription';
export { grant } from './grantDescription';
export { replace } from './replaceDescription';
export { revoke } from './revokeDescription';
