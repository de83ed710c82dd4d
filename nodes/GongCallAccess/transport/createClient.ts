import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	ILoadOptionsFunctions,
} from 'n8n-workflow';
import * as log from '../messages/logMessages';
import { GongClient } from './client';
import type { SignIn } from './credential';
import { signInOf, timeoutOf } from './credential';
import type { RunAbort } from './abort';
import type { Dispatch } from './http';
import { createSendOnce, dispatchOfList, dispatchOfRun } from './http';
import { rateLimiterFor } from './rateLimiter';
import type { Pace, Sender } from './sending';
import { createTokenRefresher } from './tokenRefresh';

// A run that takes longer than this writes into the log how far it is.
const LOG_EVERY_MS = 5000;

/** The client of a run. */
export interface RunClient {
	client: GongClient;
	/** Called with how many calls are done, of how many, for the log. */
	onProgress: (done: number, of: number) => void;
}

/**
 * Creates the client of a run: looks up the credential once, checks its base URL, and finds the rate limiter
 * that all requests to the Gong company share.
 *
 * @throws {FailureError} for a base URL that no key may be sent to; what n8n throws for a credential
 */
export async function createRunClient(
	context: IExecutePaginationFunctions,
	routing: DeclarativeRestApiSettings.ResultOptions,
	pace: Pace,
	abort: RunAbort,
): Promise<RunClient> {
	let [done, all, why] = [0, 0, ''];
	let loggedAt = Date.now();
	const onTick = (): void => {
		if (Date.now() - loggedAt < LOG_EVERY_MS) return;
		loggedAt = Date.now();
		context.logger.info(log.progress(done, all, why));
	};
	const client = await createClient(context, () => dispatchOfRun(context, routing), {
		...pace,
		abort,
		signal: context.getExecutionCancelSignal(),
		onWait: (now) => {
			why = now;
			onTick();
		},
		onTick,
	});
	return {
		client,
		onProgress: (now, of) => {
			[done, all] = [now, of];
			onTick();
		},
	};
}

/**
 * Creates the client of a list in the panel, which nobody can cancel and which logs no progress.
 * @throws as {@link createRunClient} does
 */
export async function createListClient(
	context: ILoadOptionsFunctions,
	pace: Pace,
): Promise<GongClient> {
	return await createClient(context, (signIn) => dispatchOfList(context, signIn), {
		...pace,
		signal: undefined,
		onWait: () => {},
		onTick: () => {},
	});
}

async function createClient(
	context: IExecutePaginationFunctions | ILoadOptionsFunctions,
	dispatchBy: (signIn: SignIn) => Dispatch,
	{ abort, ...rest }: Pace & Pick<Sender, 'signal' | 'onWait' | 'onTick'> & { abort?: RunAbort },
): Promise<GongClient> {
	const signIn = await signInOf(context);
	const dispatch = dispatchBy(signIn);
	const timeoutMs = timeoutOf(context);
	const rateLimiter = rateLimiterFor(signIn.company);
	const { signal } = rest;
	const sender = {
		sendOnce: createSendOnce(dispatch, signIn, timeoutMs),
		tokenRefresher: createTokenRefresher(context, dispatch, signIn, timeoutMs, rateLimiter, signal),
		rateLimiter,
		redact: signIn.redact,
		...rest,
	};
	return new GongClient(sender, abort);
}
