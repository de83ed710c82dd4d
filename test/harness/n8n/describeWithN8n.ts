/** For tests in a real n8n: where there is none they count as skipped, never as passed. */
export const describeWithN8n = process.env.GONG_WITHOUT_N8N === '1' ? describe.skip : describe;

/** How long it may take to make everything ready; n8n itself may have to be fetched first. */
export const SET_UP_MS = 20 * 60_000;
