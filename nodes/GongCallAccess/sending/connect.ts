import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	ILoadOptionsFunctions,
} from 'n8n-workflow';
import * as messages from '../messages';
import type { SignIn } from './credential';
import { signInOf, timeoutOf } from './credential';
import type { Dispatch } from './network';
import { dispatchOfList, dispatchOfRun, renewBy, sendOnceBy } from './network';
import { pacerFor } from './pacer';
import type { Sender } from './send';

// A run that takes longer than this says where it is.
const TELL_EVERY_MS = 5000;

/** What a run sends with. */
export interface Connection {
	sender: Sender;
	/** Told how many calls are done, of how many, for the log. */
	onProgress: (done: number, of: number) => void;
}

/**
 * Makes ready to send for a run: looks the credential up once, checks its base URL, finds the pacer that the
 * Gong company's requests share.
 *
 * @param maxWaitMs milliseconds that one request may wait because Gong asked to
 * @throws UnusableBaseUrl for a base URL that no key may be sent to; what n8n throws for a credential
 */
export async function connect(
	context: IExecutePaginationFunctions,
	routing: DeclarativeRestApiSettings.ResultOptions,
	maxWaitMs: number,
): Promise<Connection> {
	let [done, all, why] = [0, 0, ''];
	let toldAt = Date.now();
	const tick = (): void => {
		if (Date.now() - toldAt < TELL_EVERY_MS) return;
		toldAt = Date.now();
		context.logger.info(messages.progress(done, all, why));
	};
	const sender = await createSender(context, () => dispatchOfRun(context, routing), {
		maxWaitMs,
		signal: context.getExecutionCancelSignal(),
		onWait: (now) => {
			why = now;
			tick();
		},
		tick,
	});
	return {
		sender,
		onProgress: (now, of) => {
			[done, all] = [now, of];
			tick();
		},
	};
}

/**
 * The same for a list of the panel, which nobody cancels and which tells no progress.
 * @param maxWaitMs as for {@link connect}
 * @throws as {@link connect} does
 */
export async function connectList(
	context: ILoadOptionsFunctions,
	maxWaitMs: number,
): Promise<Sender> {
	return await createSender(context, (signIn) => dispatchOfList(context, signIn), {
		maxWaitMs,
		signal: undefined,
		onWait: () => {},
		tick: () => {},
	});
}

async function createSender(
	context: IExecutePaginationFunctions | ILoadOptionsFunctions,
	dispatchBy: (signIn: SignIn) => Dispatch,
	rest: Pick<Sender, 'maxWaitMs' | 'signal' | 'onWait' | 'tick'>,
): Promise<Sender> {
	const signIn = await signInOf(context);
	const dispatch = dispatchBy(signIn);
	const timeoutMs = timeoutOf(context);
	const pacer = pacerFor(signIn.company);
	return {
		sendOnce: sendOnceBy(dispatch, signIn, timeoutMs),
		renew: renewBy(context, dispatch, signIn, timeoutMs, pacer, rest.signal),
		pacer,
		redact: signIn.redact,
		closed: new Map(),
		...rest,
	};
}
