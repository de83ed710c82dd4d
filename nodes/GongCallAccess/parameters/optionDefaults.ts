/** Most calls named in one request. 100 is known to work; what Gong takes at most is published nowhere. */
export const DEFAULT_CALLS_PER_REQUEST = 100;

/** Most seconds that one request waits in all when Gong asks to slow down. */
export const DEFAULT_MAX_WAIT = 60;

/** How many days before today plays are looked for from. */
export const DEFAULT_DAYS_OF_PLAYS = 90;
