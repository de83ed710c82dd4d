/**
 * Classes of failures that are ignored, since the node does not meet this part of the contract yet. Remove a
 * line with the change that implements it; GONG_MODEL_PENDING=1 looks for all of them.
 */
export const PENDING: RegExp[] = [];
