// Apart from the other messages, since it is needed when they cannot be loaded.

/** A file of the package is gone, as while it is being updated under a running n8n. */
export const NOT_LOADED = {
	message: 'A part of this node could not be loaded, so nothing was sent for this item',
	description: 'The package was changed while n8n was running. Restart n8n.',
};
