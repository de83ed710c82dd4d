/** Gong's limit for a whole company, whatever the endpoint, unless Gong changed it (documented). */
export const DEFAULT_REQUESTS_PER_SECOND = 3;
