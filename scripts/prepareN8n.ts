/**
 * Makes sure that the n8n for the tests is installed, before jest takes over the terminal. Exits with 3 if
 * there is no network to fetch it.
 */
import { makeBeginning } from '../test/harness/n8n/beginning';
import { installN8n, N8nUnreachableError } from '../test/harness/n8n/install';

const NO_NETWORK = 3;

// An orderly exit ends npm and releases the lock; dying of the signal would not.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.once(signal, () => process.exit(130));
}

async function main(): Promise<void> {
	try {
		await makeBeginning(await installN8n());
	} catch (error) {
		if (!(error instanceof N8nUnreachableError)) throw error;
		console.error(error.message);
		if (process.env.GONG_REQUIRE_N8N === '1') {
			console.error(
				'The tests in a real n8n are required by GONG_REQUIRE_N8N=1, so this is a failure.',
			);
			process.exitCode = 1;
			return;
		}
		process.exitCode = NO_NETWORK;
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
