/** The defaults of the options that are numbers, for the panel and for items. */
export const DEFAULTS = {
	/** Known to work; the most that Gong takes is published nowhere. */
	callsPerRequest: 100,
	/** Seconds. */
	maxWait: 60,
} as const;
