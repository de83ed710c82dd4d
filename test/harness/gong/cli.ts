import { parseArgs } from 'node:util';
import {
	DEMO_ACCOUNT,
	GONG_LIMIT,
	SAMPLE_CALL_IDS,
	startLocalGong,
	type LocalGong,
	type LoggedRequest,
} from './index';

const USAGE = `The local Gong, alone, with its sample data.
  --port N     listen on this port (default: a free one)
  --no-limit   answer any number of requests (default: ${GONG_LIMIT.perSecond} a second, as Gong does)
  --help       show this`;

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

function readArguments(): { port: number; limited: boolean } | null {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '0' },
			'no-limit': { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return null;
	const port = Number(values.port);
	if (!/^[0-9]+$/.test(values.port) || port > 65_535) {
		throw new Error(`--port must be a number up to 65535, but got: ${values.port}`);
	}
	return { port, limited: !values['no-limit'] };
}

/** Such as `12:03:04 POST /v2/calls/users-access 200 4 ms`. */
function requestLine(entry: LoggedRequest): string {
	const time = new Date(entry.at).toTimeString().slice(0, 8);
	const took = (entry.endedAt ?? entry.at) - entry.at;
	return `${time} ${entry.method} ${entry.path} ${entry.status ?? 'no answer'} ${took} ms`;
}

function describe({ url }: LocalGong, limited: boolean): string {
	const { accessKey, accessKeySecret } = DEMO_ACCOUNT;
	const body = JSON.stringify({ filter: { callIds: SAMPLE_CALL_IDS } });
	const limit = `${GONG_LIMIT.perSecond} requests a second, ${GONG_LIMIT.perDay} a day`;
	return [
		'Local Gong',
		`  Address            ${url}`,
		`  Access key         ${accessKey}`,
		`  Access key secret  ${accessKeySecret}`,
		`  Limit              ${limited ? limit : 'none'}`,
		'',
		'Who was given access to its calls:',
		`curl -s -u '${accessKey}:${accessKeySecret}' -H 'Content-Type: application/json' \\`,
		`  -d '${body}' \\`,
		`  ${url}/v2/calls/users-access`,
		'',
		'Ctrl-C ends it.',
	].join('\n');
}

async function main(): Promise<void> {
	const options = readArguments();
	if (options === null) return say(USAGE);
	const { port, limited } = options;
	const gong = await startLocalGong({
		port,
		limit: limited ? GONG_LIMIT : false,
		onRequestEnd: (entry) => {
			say(requestLine(entry));
			// It may stay up for days, and nobody reads the log back here.
			gong.log.length = 0;
		},
	});
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => void gong.close());
	}
	say(describe(gong, limited));
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
