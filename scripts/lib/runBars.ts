/**
 * Runs a program that measures something and says whether all of its bars are met; ends with 0 where they are.
 * A signal ends it in order, so that what it made is removed: each n8n sees that nobody waits for it any more.
 */
export function runBars(main: () => Promise<boolean>): void {
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.once(signal, () => process.exit(130));
	}
	main().then(
		(met) => process.exit(met ? 0 : 1),
		(error: unknown) => {
			console.error(error instanceof Error ? error.message : error);
			process.exit(1);
		},
	);
}
