/** JavaScript's and Node's own error texts, which no message may show to a user. */
export const RAW_WORDS =
	/Cannot read prop|is not a function|is not iterable|undefined|\[object |call stack|\bheap\b|Invalid time|JSON at position|Unexpected token|status code \d| {4}at /;
