import type { INode } from 'n8n-workflow';
import type { Failure, Result } from './failure';
import { FailureError } from './failure';
import { noLongerNeeded, notAllowed } from './messages/gongMessages';
import {
	cannotReadAhead,
	notAsForeseen,
	tooManyRows,
	unusableExpression,
} from './messages/inputMessages';
import type { ItemOutput } from './onError';
import { BatchOutputs } from './onError';
import type {
	ItemRequest,
	Operation,
	OperationContext,
	UnusableItem,
} from './operations/itemRequest';
import { AccessReading } from './operations/accessReading';
import { Directory } from './operations/directory';
import { CallFinder, UserFinder } from './operations/finders';
import { createItemRequest } from './operations/itemRequest';
import { unexpected } from './operations/itemResults';
import * as operations from './operations/operations';
import {
	callsIn,
	firstConflict,
	keepLeftOut,
	planReplace,
	settingsKey,
	tooManyUsers,
} from './operations/planReplace';
import type { ReplacePlan } from './operations/replacePlan';
import { MAX_ROWS } from './output/rows';
import { isAddress } from './parameters/ids';
import type { ItemContext } from './parameters/itemContext';
import { contextAhead, contextOf } from './parameters/itemContext';
import type { ItemParameters, Settings } from './parameters/itemParameters';
import { ParameterReader } from './parameters/itemParameters';
import type { OperationName } from './parameters/operationNames';
import { isRead } from './parameters/operationNames';
import { RunLog } from './runLog';
import { checkBaseUrl } from './transport/baseUrl';
import type { RunClient } from './transport/createClient';
import { createRunClient } from './transport/createClient';
import { baseUrlIn, ItemCredentials } from './transport/itemCredentials';
import { isCanceled } from './transport/pause';

const OPERATIONS: Record<OperationName, Operation> = operations;

/** The client for one Gong company, and what was looked up there. */
interface Company extends RunClient {
	calls: CallFinder;
	users: UserFinder;
	directory: Directory;
}

/** An item of the batch whose parameters could be read. */
interface UsableRequest extends ItemRequest {
	parameters: { ok: true; value: ItemParameters };
	credential: string;
}

/** Items of the batch that share requests. */
interface RequestGroup {
	requests: UsableRequest[];
	credential: string;
	settings: Settings;
	reading?: AccessReading;
}

/** How far an item came before something was thrown. */
type Step = 'reading' | 'connecting' | 'answering';

/**
 * Answers the batches of one run of the node: reads what their items ask for, has the operations answer them,
 * and makes the items' outputs by the node's On Error setting.
 *
 * Set to stop, nothing is sent before every item of the run was found good. For a replace, items that n8n has
 * not handed over yet are read ahead as well, since their users keep access.
 */
export class Router {
	private readonly reader = new ParameterReader();

	/** By index, the items of the run that are known: those that came, and those read ahead. */
	private readonly known = new Map<number, ItemRequest>();

	private readonly companies = new Map<string, Promise<Company>>();

	private readonly written: Set<string>;

	private readonly begun: Set<string>;

	private readonly halfBefore: ReadonlySet<string>;

	private readonly notReplaced = new Map<string, Failure>();

	private log: RunLog | undefined;

	private credentials: ItemCredentials | undefined;

	private hasReadAhead = false;

	/** Whether n8n hands over only the first of the run's items; as a tool the node has none but its own. */
	private leavesOut = false;

	/** Set to stop: whether the run cannot succeed, so that nothing more is sent. */
	private failed = false;

	/** What is wrong with an item that has not come yet. */
	private foreseen: { itemIndex: number; failure: Failure } | undefined;

	private threw = false;

	/** @param before the router of an earlier try of the same run, as with Retry On Fail */
	constructor(
		private readonly node: INode,
		before?: Router,
	) {
		this.written = new Set(before?.written);
		this.begun = new Set(before?.begun);
		this.halfBefore = new Set([...this.begun].filter((callId) => !this.written.has(callId)));
	}

	/**
	 * Answers a batch. Never rejects: what the node throws is the output of the item that it concerns.
	 * @param expected how many items the run has; undefined where only n8n knows
	 * @param isLast whether no other batch will come
	 */
	async answer(
		requests: ItemRequest[],
		expected: number | undefined,
		isLast: boolean,
	): Promise<Map<ItemRequest, ItemOutput>> {
		const outputs = new BatchOutputs(this.node, requests[0].context, this.written);
		this.log ??= new RunLog(requests[0].context);
		await this.reopen();
		const usable: UsableRequest[] = [];
		try {
			await this.read(requests, expected, outputs, usable);
			const stops = !outputs.continues && (this.failed || outputs.stopped);
			if (!stops && usable.length > 0) await this.send(usable, outputs);
		} catch (thrown) {
			for (const request of usable) {
				if (outputs.outputs.has(request)) continue;
				this.fail(outputs, request, 'answering', thrown, callsIn(request.parameters.value));
			}
		}
		this.threw ||= outputs.stopped;
		this.failed ||= this.threw;
		if (!outputs.continues && this.failed && !this.threw) {
			const { itemIndex, failure } = this.foreseen ?? {};
			const concerned = requests.find((request) => request.itemIndex === itemIndex);
			// A run that failed must not end without an error.
			const request = concerned ?? (isLast ? requests[0] : undefined);
			if (request) outputs.stop(request, failure ?? notAsForeseen());
			this.threw ||= outputs.stopped;
		}
		outputs.end(expected !== undefined);
		if (isLast) this.log.end();
		return outputs.outputs;
	}

	/** Gong may accept by now what it refused for an earlier batch, such as one request too many. */
	private async reopen(): Promise<void> {
		for (const creating of this.companies.values()) {
			const company = await creating.catch(() => undefined);
			company?.client.reopen();
			company?.calls.forgetFailures();
			company?.users.forgetFailures();
			await company?.directory.forgetFailures();
		}
	}

	/** Reads the parameters of a batch's items; those that can be used are added to `usable`. */
	private async read(
		requests: ItemRequest[],
		expected: number | undefined,
		outputs: BatchOutputs,
		usable: UsableRequest[],
	): Promise<void> {
		const [{ context }] = requests;
		this.leavesOut = this.node.executeOnce === true && expected !== undefined;
		this.credentials ??= await ItemCredentials.of(context, expected ?? requests.length);
		const keys = await this.credentials.keysOf(requests.map((request) => request.context));
		outputs.credentialsDiffer = this.credentials.sharedKey === undefined;
		for (const [place, request] of requests.entries()) {
			const key = keys[place];
			request.credential = key.ok ? key.value : undefined;
			request.parameters = this.parametersOf(request.context);
			this.known.set(request.itemIndex, request);
			const { parameters } = request;
			if (!parameters.ok) {
				const { thrown, partial } = parameters.failure;
				// Only where it is sure that it names just these.
				const callIds = partial.callsAreKnown ? partial.callIds : [];
				this.fail(outputs, request, 'reading', thrown, callIds);
			} else if (!key.ok) this.fail(outputs, request, 'connecting', key.failure);
			else usable.push(request as UsableRequest);
		}
		const isReplace = usable.some(({ parameters }) => isReplaceIn(parameters.value));
		if ((!outputs.continues || isReplace) && !this.hasReadAhead) {
			this.hasReadAhead = true;
			await this.readAhead(requests[0], expected ?? 0, !outputs.continues);
		}
	}

	/** Reads the items that have not come yet, or never will because an expression of theirs throws. */
	private async readAhead(
		{ context, routing }: ItemRequest,
		expected: number,
		stops: boolean,
	): Promise<void> {
		const items = context.getExecuteData().data.main?.[0] ?? [];
		const ahead = [...items.keys()].filter((index) => index < expected && !this.known.has(index));
		const keys = await this.credentials?.keysOf(ahead.map((index) => contextOf(context, index)));
		for (const [place, index] of ahead.entries()) {
			const key = keys?.[place];
			const parameters = this.parametersOf(contextAhead(context, items[index], index));
			this.known.set(index, {
				...createItemRequest(contextOf(context, index), routing, index),
				parameters,
				credential: key?.ok ? key.value : undefined,
			});
			if (parameters.ok || !stops) continue;
			// It is reported when it comes. Until then the others are only read.
			this.failed = true;
			return;
		}
	}

	private parametersOf(context: ItemContext): Result<ItemParameters, UnusableItem> {
		try {
			return { ok: true, value: this.reader.read(context) };
		} catch (thrown) {
			return { ok: false, failure: { thrown, partial: this.reader.readPartly(context) } };
		}
	}

	private async send(requests: UsableRequest[], outputs: BatchOutputs): Promise<void> {
		const groups = groupBySettings(requests);
		try {
			await this.sendGroups(groups, requests, outputs);
		} finally {
			// What was begun for an item that failed, or for a run that did.
			for (const { reading } of groups) reading?.end(noLongerNeeded());
		}
	}

	private async sendGroups(
		groups: RequestGroup[],
		requests: UsableRequest[],
		outputs: BatchOutputs,
	): Promise<void> {
		if (outputs.continues) await this.readMeanwhile(groups, outputs);
		// Set to stop, everything is looked up and found good before anything is written.
		const groupOf = new Map(groups.flatMap((group) => group.requests.map((one) => [one, group])));
		for (const request of requests) {
			const group = groupOf.get(request);
			if (group) await this.resolve(request, group, outputs);
			if (outputs.stopped) return;
		}
		const plan = await this.replacePlan(requests);
		this.refuseTooManyUsers(plan, requests, outputs);
		if (!outputs.continues) {
			this.checkPlan(plan, requests, outputs);
			if (!outputs.stopped) await this.checkAhead(plan);
		}
		for (const group of groups) {
			const ready = group.requests.filter(({ isReady }) => isReady);
			if (ready.length === 0) continue;
			// Set to stop, nothing is sent after one has failed.
			if (!outputs.continues && (outputs.stopped || this.failed)) return;
			await this.operate(ready, group, plan, outputs);
		}
	}

	/** Begins to read who has access while the users of e-mail addresses are looked up, where both are needed. */
	private async readMeanwhile(groups: RequestGroup[], outputs: BatchOutputs): Promise<void> {
		const [group, ...others] = groups;
		// What one group writes, another may have to see.
		if (others.length > 0) return;
		const all = group.requests.map(({ parameters }) => parameters.value);
		const { operation, dryRun } = group.settings;
		const isNeeded = (operation === 'replace' || dryRun) && all.some(hasAddresses);
		const callIds = isNeeded ? all.flatMap(callsIn) : [];
		if (callIds.length === 0 || callIds.length > MAX_ROWS) return;
		// Where there is no client, the items say why.
		const company = await this.companyOf(group).catch(() => undefined);
		if (company) this.readingOf(group, company, outputs).add(callIds);
	}

	/** What a group reads. It is created once, and begins when calls are added. */
	private readingOf(
		group: RequestGroup,
		{ client, onProgress }: RunClient,
		{ continues }: BatchOutputs,
	): AccessReading {
		const { settings } = group;
		group.reading ??= new AccessReading({
			client: client.with(settings),
			settings,
			continues,
			onProgress,
		});
		return group.reading;
	}

	/** Has an operation answer items of one company with the same settings. */
	private async operate(
		requests: UsableRequest[],
		group: RequestGroup,
		plan: ReplacePlan,
		outputs: BatchOutputs,
	): Promise<void> {
		const company = await this.companyOf(group);
		const { settings } = group;
		const context: OperationContext = {
			client: company.client.with(settings),
			directory: company.directory,
			settings,
			continues: outputs.continues,
			plan,
			written: this.written,
			begun: this.begun,
			notReplaced: this.notReplaced,
			halfBefore: this.halfBefore,
			reading: this.readingOf(group, company, outputs),
			onProgress: company.onProgress,
			logger: requests[0].context.logger,
		};
		try {
			const results = await OPERATIONS[settings.operation](context, requests);
			for (const [index, result] of results.entries()) {
				const rows = result.rows.length;
				const { callIds } = requests[index];
				if (rows <= MAX_ROWS) outputs.give(requests[index], result);
				else outputs.fail(requests[index], tooManyRows(rows, MAX_ROWS, callIds));
			}
		} catch (thrown) {
			for (const request of requests) {
				if (outputs.outputs.has(request)) continue;
				this.fail(outputs, request, 'answering', thrown, request.callIds);
			}
		}
	}

	/** Finds the calls of a period and the users of e-mail addresses. */
	private async resolve(
		request: UsableRequest,
		group: RequestGroup,
		outputs: BatchOutputs,
	): Promise<void> {
		const { calls, users, usersLabel, settings } = request.parameters.value;
		try {
			const company = await this.companyOf(group);
			// The calls of a page are asked for while the next page is listed.
			const reading = this.readingOf(group, company, outputs);
			const begun = new Set(callsIn(request.parameters.value));
			const refuse = (failure: Failure): void => {
				reading.drop(begun, failure);
				this.refuse(outputs, request, failure);
			};
			const callIds = await company.calls.idsOf(calls, (some) => {
				for (const callId of some) begun.add(callId);
				reading.add(some);
			});
			if (!callIds.ok) return refuse(callIds.failure);
			request.callIds = callIds.value;
			const tooMany = tooManyCalls(callIds.value, settings);
			if (tooMany) return refuse(tooMany);
			const userIds = await company.users.idsOf(users, usersLabel);
			if (!userIds.ok) return refuse({ ...userIds.failure, callIds: callIds.value });
			request.userIds = userIds.value;
			request.isReady = true;
		} catch (thrown) {
			request.hasFailed = true;
			const callIds = callsIn(request.parameters.value);
			this.fail(outputs, request, 'connecting', thrown, callIds);
		}
	}

	/** Fails an item that could be read. A replace then leaves its calls alone, in later batches too. */
	private refuse(outputs: BatchOutputs, request: ItemRequest, failure: Failure): void {
		request.hasFailed = true;
		outputs.fail(request, failure);
	}

	/** Who is to have access after a replace, by all items of the run. */
	private async replacePlan(requests: UsableRequest[]): Promise<ReplacePlan> {
		const isReplace = requests.some(({ parameters }) => isReplaceIn(parameters.value));
		const plan = await planReplace(isReplace ? this.known.values() : [], (request, users) =>
			this.userIdsOf(request, users),
		);
		if (isReplace && this.leavesOut) {
			keepLeftOut(plan, requests[0], (context) => this.parametersOf(context));
		}
		return plan;
	}

	/** The IDs of users; undefined where not all of them can be found. */
	private async userIdsOf(
		{ credential }: ItemRequest,
		users: string[],
	): Promise<string[] | undefined> {
		if (!users.some(isAddress)) return users;
		try {
			const company = await this.companies.get(credential ?? '');
			const found = await company?.users.idsOf(users, '');
			return found?.ok ? found.value : undefined;
		} catch (thrown) {
			if (isCanceled(thrown)) return await Promise.reject(thrown);
			return undefined;
		}
	}

	/** Refuses a replace whose rows, over the whole run, would list more users than n8n can hold. */
	private refuseTooManyUsers(
		plan: ReplacePlan,
		requests: UsableRequest[],
		outputs: BatchOutputs,
	): void {
		const failureFor = tooManyUsers(plan, this.known.values());
		if (!failureFor) return;
		for (const request of requests) {
			if (!request.isReady || !isReplaceIn(request.parameters.value)) continue;
			request.isReady = false;
			outputs.fail(request, failureFor(request.callIds));
		}
	}

	private checkPlan(plan: ReplacePlan, requests: UsableRequest[], outputs: BatchOutputs): void {
		for (const request of requests) {
			if (!request.isReady || !isReplaceIn(request.parameters.value)) continue;
			const conflict = firstConflict(plan, request.callIds);
			if (conflict) outputs.fail(request, conflict);
		}
	}

	/** Set to stop: finds what would fail of the items that are still to come, before the first write. */
	private async checkAhead(plan: ReplacePlan): Promise<void> {
		for (const [itemIndex, { parameters, credential }] of this.known) {
			if (!parameters?.ok) continue;
			const { calls, settings } = parameters.value;
			if (isRead(settings.operation) || !Array.isArray(calls)) continue;
			const failure =
				(await this.cannotConnect(parameters.value, credential)) ??
				tooManyCalls(calls, settings) ??
				(isReplaceIn(parameters.value) ? firstConflict(plan, calls) : undefined);
			if (!failure) continue;
			this.foreseen = { itemIndex, failure };
			this.failed = true;
			return;
		}
	}

	/** Why an item that is still to come could not be sent, or its users not found. */
	private async cannotConnect(
		{ users, usersLabel }: ItemParameters,
		credential: string | undefined,
	): Promise<Failure | undefined> {
		const company = await this.companies.get(credential ?? '');
		if (company) {
			const found = await company.users.idsOf(users, usersLabel);
			return found.ok ? undefined : found.failure;
		}
		// Its own client can be created only when it comes.
		if (credential === undefined || users.some(isAddress)) return cannotReadAhead();
		const baseUrl = checkBaseUrl(baseUrlIn(credential));
		return baseUrl.ok ? undefined : baseUrl.failure;
	}

	/** The client for a credential, created by the first item that has it. */
	private async companyOf({ credential, requests, settings }: RequestGroup): Promise<Company> {
		let company = this.companies.get(credential);
		if (!company) {
			const [{ context, routing }] = requests;
			const logged = this.log?.contextFor(context) ?? context;
			company = createRunClient(logged, routing, settings).then((run) => ({
				...run,
				onProgress: (done: number, of: number) => {
					this.log?.count(done, of);
					run.onProgress(done, of);
				},
				calls: new CallFinder(run.client),
				users: new UserFinder(run.client),
				directory: new Directory(),
			}));
			this.companies.set(credential, company);
		}
		return await company;
	}

	/** For what was thrown in place of an answer. */
	private fail(
		outputs: BatchOutputs,
		request: ItemRequest,
		step: Step,
		thrown: unknown,
		callIds: string[] = [],
	): void {
		if (isCanceled(thrown)) return outputs.cancel(request, thrown);
		// Before anything is sent n8n's own words are for people: an expression, a credential that it refuses.
		const isOfN8n = step !== 'answering' && isN8nError(thrown);
		if (isOfN8n && !outputs.continues) return outputs.stop(request, thrown);
		outputs.fail(request, this.failureOf(thrown, isOfN8n ? step : 'answering', request, callIds));
	}

	private failureOf(
		thrown: unknown,
		step: Step,
		{ context }: ItemRequest,
		callIds: string[],
	): Failure {
		if (thrown instanceof FailureError) return { ...thrown.failure, callIds };
		if (step === 'reading') return unusableExpression(thrown);
		if (step === 'connecting') return notAllowed(thrown, callIds);
		return unexpected(thrown, callIds, { begun: this.begun, logger: context.logger });
	}
}

/** Whether an error is n8n's, by what JavaScript's own errors lack: n8n may have another copy of the class. */
function isN8nError(thrown: unknown): thrown is Error {
	return thrown instanceof Error && ('level' in thrown || 'description' in thrown);
}

function hasAddresses({ users }: ItemParameters): boolean {
	return users.some(isAddress);
}

function isReplaceIn({ settings }: ItemParameters): boolean {
	return settings.operation === 'replace';
}

/** More calls than n8n can take rows, found before anything is sent for them. */
function tooManyCalls(callIds: string[], settings: Settings): Failure | undefined {
	const { operation, splitInto, includeCallsWithoutUsers } = settings;
	const hasRowForEach =
		!isRead(operation) ||
		splitInto === 'calls' ||
		(splitInto === 'users' && includeCallsWithoutUsers);
	return hasRowForEach && callIds.length > MAX_ROWS
		? tooManyRows(callIds.length, MAX_ROWS, callIds)
		: undefined;
}

/** Items of one company with the same settings share requests; what only sets the pace may differ. */
function groupBySettings(requests: UsableRequest[]): RequestGroup[] {
	const keys = new Map<Settings, string>();
	const keyOf = ({ credential, parameters }: UsableRequest): string => {
		const { settings } = parameters.value;
		const key = keys.get(settings) ?? settingsKey(settings);
		keys.set(settings, key);
		return `${credential} ${key}`;
	};
	return [...groupBy(requests, keyOf).values()].map((group) => {
		const all = group.map(({ parameters }) => parameters.value.settings);
		const settings = {
			...all[0],
			callsPerRequest: Math.min(...all.map(({ callsPerRequest }) => callsPerRequest)),
			maxWaitMs: Math.min(...all.map(({ maxWaitMs }) => maxWaitMs)),
			requestsPerSecond: Math.min(...all.map(({ requestsPerSecond }) => requestsPerSecond)),
		};
		return { requests: group, credential: group[0].credential, settings };
	});
}

function groupBy<T>(values: T[], keyOf: (value: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const value of values) {
		const key = keyOf(value);
		const group = groups.get(key) ?? [];
		group.push(value);
		groups.set(key, group);
	}
	return groups;
}
