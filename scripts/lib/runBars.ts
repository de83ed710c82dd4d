/**
 * Runs a measuring program that says whether all its requirements are met; exits with 0 if they are. A signal
 * ends it in order, so that it removes its files and each n8n ends with it.
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
