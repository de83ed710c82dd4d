import type { IDataObject } from 'n8n-workflow';
import type { Result } from '../failure';
import { FailureError } from '../failure';
import * as messages from '../messages/inputMessages';
import { plain } from '../messages/visible';
import type { Period } from '../gong/calls';
import type { WayName } from '../gong/ways';
import { WAYS } from '../gong/ways';
import { DEFAULT_REQUESTS_PER_SECOND } from '../transport/defaults';
import { clockTime, localTime, parseDateTime } from './dateTime';
import { DEFAULT_CALLS_PER_REQUEST, DEFAULT_MAX_WAIT } from './defaults';
import { FieldPath, plainField } from './fieldPath';
import type { IdKind } from './ids';
import { readableIds, readIds, readWorkspaceId } from './ids';
import type { ItemContext } from './itemContext';
import {
	FORMATS_OF_EXPLAIN,
	LABELS,
	NAMES_OF_OPERATIONS,
	NAMES_OF_WAYS,
	OUTPUT_FORMATS,
	SOURCE_NAMES,
} from './labels';
import type { OperationName } from './operationNames';
import { isRead } from './operationNames';

/** What one input item asks for, with n8n's parameter names left behind. */
export interface ItemParameters {
	/** Call IDs, each once, in the order given; or a time whose calls are meant. */
	calls: string[] | Period;
	/** For writes: user IDs and e-mail addresses, each once; empty only for a replace that allows it. */
	users: string[];
	/** The name of the parameter that the users came from. */
	usersLabel: string;
	settings: Settings;
}

/** What the node is to do, and how. The same for all items unless a parameter holds an expression. */
export interface Settings {
	operation: OperationName;
	splitInto: 'calls' | 'users' | 'people';
	/** For explain: the ways to look at, in their order; otherwise none. */
	ways: WayName[];
	callsPerRequest: number;
	/** Milliseconds. */
	maxWaitMs: number;
	requestsPerSecond: number;
	reportUnknownCalls: boolean;
	includeCallsWithoutUsers: boolean;
	includeUserDetails: boolean;
	includeCallDetails: boolean;
	/** For explain by users: whether rows have only the columns that people need most. */
	simplify: boolean;
	includeLastPlayed: boolean;
	/** ISO 8601; the moment from which plays are looked for. Empty where they are not. */
	playedSince: string;
	dryRun: boolean;
	readBack: boolean;
	allowNoUsers: boolean;
}

/** What is known of an input item that cannot be used as it is. */
export interface PartialParameters {
	/** The call IDs that can be read. */
	callIds: string[];
	/** The user IDs and e-mail addresses that can be read. */
	users: string[];
	/** Whether `callIds` is all that the item names. */
	callsAreKnown: boolean;
	/** Whether not even the value that names the calls is known. */
	callsThrew: boolean;
	/** Whether `users` is all that the item names. */
	usersAreKnown: boolean;
	/** Whether the item names nothing at all, like an empty row of a sheet. */
	isBlank: boolean;
}

type PartState = 'whole' | 'partly' | 'empty' | 'absent' | 'threw';

type Name = keyof typeof LABELS;

/** The IDs that were read last, and from what. */
interface LastIds {
	value: unknown;
	label: string;
	read: Result<string[]>;
}

/** The three parameters that give IDs of a kind, one for each choice of "… From". */
const SOURCES = {
	call: { from: 'callsFrom', ids: 'callIds', field: 'callIdField', list: 'callList' },
	user: { from: 'usersFrom', ids: 'userIds', field: 'userIdField', list: 'userList' },
} as const satisfies Record<IdKind, Record<string, string>>;

const NAME_OF_USERS: Record<string, Name | undefined> = {
	field: SOURCES.user.field,
	list: SOURCES.user.list,
};

const NO_OPTIONS = {};
// Below, a run would seem to hang; above, no Gong company is known to be.
const MIN_RATE = 0.1;
const MAX_RATE = 100;
const MAX_LABEL_LENGTH = 100;
const DECIMAL = /^[0-9]{1,15}(\.[0-9]{1,15})?$/;

/**
 * Reads the parameters of a run's items. What holds no expression is read once for all of them, since each
 * evaluation costs half a millisecond in a real n8n.
 */
export class ParameterReader {
	private readonly raws = new Map<string, { raw: unknown; expression: boolean }>();

	private readonly paths = new Map<string, FieldPath>();

	private readonly lastIds: { [kind in IdKind]?: LastIds } = {};

	private lastSettings: { options: unknown; others: string; settings: Settings } | undefined;

	/**
	 * @returns what the item asks for
	 * @throws {FailureError} naming the parameter and the value; what n8n throws for an expression
	 */
	read(context: ItemContext): ItemParameters {
		const settings = this.settings(context);
		const calls = this.calls(context, settings.operation);
		if (isRead(settings.operation)) return { calls, users: [], usersLabel: '', settings };
		const users = this.ids(context, 'user', settings.allowNoUsers);
		const from = String(this.value(context, 'usersFrom', 'ids'));
		const usersLabel = LABELS[NAME_OF_USERS[from] ?? 'userIds'];
		return { calls, users, usersLabel, settings };
	}

	/**
	 * What can be read of an item that {@link read} refuses. Never throws: an expression that throws gives
	 * nothing.
	 */
	readPartly(context: ItemContext): PartialParameters {
		const calls = this.partOf(context, 'call');
		const users = this.partOf(context, 'user');
		return {
			callIds: calls.ids,
			users: users.ids,
			callsAreKnown: calls.state === 'whole',
			callsThrew: calls.state === 'threw',
			usersAreKnown:
				users.state === 'whole' || (users.state === 'empty' && this.mayBeNobody(context)),
			isBlank: isBlank(calls.state, users.state, context),
		};
	}

	private mayBeNobody(context: ItemContext): boolean {
		try {
			return this.settings(context).allowNoUsers;
		} catch {
			return false;
		}
	}

	private partOf(context: ItemContext, kind: IdKind): { ids: string[]; state: PartState } {
		try {
			const { value } = this.idsSource(context, kind);
			// What finds nothing may have been meant to find something: n8n gives that for most slips too.
			if (value === undefined) return { ids: [], state: 'absent' };
			if (value === null || isEmpty(value)) return { ids: [], state: 'empty' };
			const { ids, complete } = readableIds(value, kind);
			return { ids, state: complete ? 'whole' : 'partly' };
		} catch (thrown) {
			return { ids: [], state: thrown instanceof FailureError ? 'partly' : 'threw' };
		}
	}

	private calls(context: ItemContext, operation: Settings['operation']): string[] | Period {
		const from = this.value(context, SOURCES.call.from, 'ids');
		return from === 'period' && isRead(operation)
			? this.period(context)
			: this.ids(context, 'call', false);
	}

	private ids(context: ItemContext, kind: IdKind, mayBeEmpty: boolean): string[] {
		const { label, value, path, isPicked } = this.idsSource(context, kind);
		if (path !== undefined && (value === undefined || value === null)) {
			throw new FailureError(messages.missingField(label, path, value, this.isReplace()));
		}
		if (value === undefined) {
			throw new FailureError(messages.nothingFound(label, this.isReplace()));
		}
		if (path !== undefined && !mayBeEmpty && isEmpty(value)) {
			throw new FailureError(
				messages.emptyField(label, plain(path, MAX_LABEL_LENGTH), this.isReplace()),
			);
		}
		if (isPicked && !mayBeEmpty && isEmpty(value)) {
			throw new FailureError(messages.nothingPicked(label, kind));
		}
		return this.parsed(
			path === undefined ? label : `${label}: ${plain(path, MAX_LABEL_LENGTH)}`,
			value,
			kind,
			mayBeEmpty,
		);
	}

	/** Where an item has its IDs; `path` for a field of the item, `isPicked` for a list of the panel. */
	private idsSource(
		context: ItemContext,
		kind: IdKind,
	): { label: string; value: unknown; path?: string; isPicked?: boolean } {
		const source = SOURCES[kind];
		const chosen = this.value(context, source.from, 'ids');
		const period = kind === 'call' && this.isRead() ? SOURCE_NAMES.period : {};
		const from = oneOf({ ...SOURCE_NAMES[kind], ...period }, chosen, LABELS[source.from]);
		if (from === 'field') {
			const path = this.value(context, source.field, '');
			const label = LABELS[source.field];
			return {
				label,
				value: this.fieldAt(label, path).in(context.getInputData().json),
				path: String(path),
			};
		}
		const name = from === 'list' ? source.list : source.ids;
		const value =
			plainField(context, this.raw(context, name, '').raw) ?? this.value(context, name, '');
		return { label: LABELS[name], value, isPicked: from === 'list' };
	}

	private isRead(): boolean {
		const operation = this.lastSettings?.settings.operation;
		return operation !== undefined && isRead(operation);
	}

	private isReplace(): boolean {
		return this.lastSettings?.settings.operation === 'replace';
	}

	private fieldAt(label: string, path: unknown): FieldPath {
		if (typeof path !== 'string' || path.trim() === '') {
			throw new FailureError(messages.notAFieldName(label, path));
		}
		let field = this.paths.get(path);
		if (!field) {
			field = new FieldPath(path);
			this.paths.set(path, field);
		}
		return field;
	}

	private parsed(label: string, value: unknown, kind: IdKind, mayBeEmpty: boolean): string[] {
		if (mayBeEmpty && isEmpty(value)) return [];
		let last = this.lastIds[kind];
		// Without an expression it is the same text for every item, and as good or bad for each.
		if (!last || last.value !== value || last.label !== label) {
			last = { value, label, read: attempt(label, () => readIds(value, kind, label)) };
			this.lastIds[kind] = last;
		}
		if (!last.read.ok) throw new FailureError(last.read.failure);
		return last.read.value;
	}

	private period(context: ItemContext): Period {
		const workspaceId = this.workspace(context);
		const from = this.moment(context, 'periodStart');
		const to = this.moment(context, 'periodEnd');
		if (from >= to) {
			const [start, end] = [from, to].map((moment) => localTime(moment, context.getTimezone()));
			throw new FailureError(
				messages.emptyPeriod(LABELS.periodEnd, LABELS.periodStart, start, end),
			);
		}
		return { from: from.toISOString(), to: to.toISOString(), workspaceId };
	}

	private workspace(context: ItemContext): string {
		const value = this.value(context, 'workspaceId', '');
		const label = LABELS.workspaceId;
		const read = attempt(label, () => readWorkspaceId(value, label));
		if (!read.ok) throw new FailureError(read.failure);
		return read.value;
	}

	private moment(context: ItemContext, name: 'periodStart' | 'periodEnd'): Date {
		const value = this.value(context, name, '');
		const edge = name === 'periodStart' ? 'start' : 'end';
		const moment = parseDateTime(value, context.getTimezone(), edge);
		if (moment) return moment;
		throw new FailureError(messages.notADateTime(LABELS[name], value));
	}

	private settings(context: ItemContext): Settings {
		const options = this.value(context, 'options', NO_OPTIONS) as IDataObject | undefined | null;
		if (typeof options !== 'object' || options === null) {
			throw new FailureError(messages.noOptions(options));
		}
		const operation = this.value(context, 'operation', 'list');
		const splitInto = this.value(context, 'splitInto', 'calls');
		const isExplain = operation === 'explain';
		const ways = isExplain ? this.value(context, 'ways', []) : [];
		const simplify = isExplain && this.value(context, 'simplify', true) !== false;
		const others = `${String(operation)} ${String(splitInto)} ${String(ways)} ${simplify}`;
		const last = this.lastSettings;
		if (last && last.options === options && last.others === others) return last.settings;
		const settings: Settings = {
			operation: oneOf(NAMES_OF_OPERATIONS, operation, 'Operation'),
			splitInto: oneOf(
				isExplain ? FORMATS_OF_EXPLAIN : OUTPUT_FORMATS,
				splitInto,
				LABELS.splitInto,
			),
			ways: isExplain ? waysOf(ways) : [],
			callsPerRequest: wholeNumber(
				'callsPerRequest',
				numberOf(options, 'callsPerRequest', DEFAULT_CALLS_PER_REQUEST),
				1,
			),
			maxWaitMs: 1000 * wholeNumber('maxWait', numberOf(options, 'maxWait', DEFAULT_MAX_WAIT), 0),
			requestsPerSecond: rate(numberOf(options, 'requestsPerSecond', DEFAULT_REQUESTS_PER_SECOND)),
			reportUnknownCalls:
				oneOf(
					{ fail: 'Fail', report: 'Report' },
					optionOf(options, 'unknownCalls', 'fail'),
					'Unknown Calls',
				) === 'report',
			includeCallsWithoutUsers: yesOrNo(options, 'includeCallsWithoutUsers'),
			includeUserDetails: yesOrNo(options, 'includeUserDetails'),
			includeCallDetails: yesOrNo(options, 'includeCallDetails'),
			simplify,
			includeLastPlayed: yesOrNo(options, 'includeLastPlayed'),
			playedSince: yesOrNo(options, 'includeLastPlayed')
				? playedSince(options, context.getTimezone())
				: '',
			dryRun: yesOrNo(options, 'dryRun'),
			readBack: yesOrNo(options, 'readBack'),
			allowNoUsers: operation === 'replace' && yesOrNo(options, 'allowNoUsers'),
		};
		this.lastSettings = { options, others, settings };
		return settings;
	}

	private value(context: ItemContext, name: string, fallback: unknown): unknown {
		const { raw, expression } = this.raw(context, name, fallback);
		return expression ? context.getNodeParameter(name, fallback) : raw;
	}

	/** A parameter as it stands, an expression unevaluated: the same for every item of a run. */
	private raw(context: ItemContext, name: string, fallback: unknown) {
		let known = this.raws.get(name);
		if (!known) {
			const raw: unknown = context.getNodeParameter(name, fallback, { rawExpressions: true });
			known = { raw, expression: holdsExpression(raw) };
			this.raws.set(name, known);
		}
		return known;
	}
}

function attempt<T>(label: string, read: () => T): Result<T> {
	try {
		return { ok: true, value: read() };
	} catch (thrown) {
		// A value may throw when it is looked at, whatever its type says.
		const isOurs = thrown instanceof FailureError;
		return { ok: false, failure: isOurs ? thrown.failure : messages.unreadable(label) };
	}
}

function holdsExpression(value: unknown): boolean {
	if (typeof value === 'string') return value.startsWith('=');
	return typeof value === 'object' && value !== null && Object.values(value).some(holdsExpression);
}

/** Whether an item names nothing: its calls and users are empty, or the whole item is. */
function isBlank(calls: PartState, users: PartState, context: ItemContext): boolean {
	if (calls === 'empty' && users === 'empty') return true;
	const isNothing = [calls, users].every((state) => state === 'empty' || state === 'absent');
	return isNothing && hasNothing(context);
}

/** Whether no field of an item is filled. */
function hasNothing(context: ItemContext): boolean {
	return Object.values(context.getInputData().json ?? {}).every(
		(value) => value === undefined || value === null || isEmpty(value),
	);
}

function isEmpty(value: unknown): boolean {
	if (typeof value === 'string') return value.trim() === '' || /^\[\s*\]$/.test(value.trim());
	return Array.isArray(value) && value.length === 0;
}

/** @param choices the values, and what the screen calls each */
function oneOf<T extends Readonly<Record<string, string>>>(
	choices: T,
	value: unknown,
	label: string,
): keyof T & string {
	if (typeof value === 'string' && Object.hasOwn(choices, value)) return value;
	throw new FailureError(messages.notAChoice(label, choices, value));
}

/** An option's value; its default only where it was not added, and not where its expression finds nothing. */
function optionOf(options: IDataObject, name: string, byDefault: unknown): unknown {
	return Object.hasOwn(options, name) ? options[name] : byDefault;
}

/** The same for a number, which the panel leaves null where somebody empties it. */
function numberOf(options: IDataObject, name: string, byDefault: number): unknown {
	const value = optionOf(options, name, byDefault);
	return value === null ? byDefault : value;
}

/** An option that is on or off. "false" as a text would count as on elsewhere; here it must be clear. */
function yesOrNo(options: IDataObject, name: string): boolean {
	const value = optionOf(options, name, false);
	if (typeof value === 'boolean') return value;
	if (value === 'true' || value === 'false') return value === 'true';
	const label = name.replace(/([A-Z])/g, ' $1').replace(/^./, (first) => first.toUpperCase());
	throw new FailureError(messages.notYesOrNo(label, value));
}

/** The chosen ways, in their order; an expression may give them as a list or with commas between. */
function waysOf(value: unknown): WayName[] {
	const names: unknown[] = typeof value === 'string' ? value.split(/[\s,;]+/) : [value].flat();
	const chosen = new Set(
		names.filter((name) => name !== '').map((name) => oneOf(NAMES_OF_WAYS, name, LABELS.ways)),
	);
	if (chosen.size === 0) throw new FailureError(messages.noWays(LABELS.ways));
	return WAYS.filter((way) => chosen.has(way));
}

/** From when on plays are looked for: the start of the day 90 days ago, unless the option says otherwise. */
function playedSince(options: IDataObject, timezone: string): string {
	const value = optionOf(options, 'playedSince', '') ?? '';
	const day = clockTime(new Date(Date.now() - 90 * 24 * 60 * 60 * 1000), timezone).slice(0, 10);
	const moment = parseDateTime(value === '' ? day : value, timezone, 'start');
	if (moment) return moment.toISOString();
	throw new FailureError(messages.notADateTime('Played Since', value));
}

/** A number, or the digits of one as an expression may give them. Other notations count as slips. */
function numberIn(value: unknown): unknown {
	return typeof value === 'string' && DECIMAL.test(value.trim()) ? Number(value) : value;
}

function rate(value: unknown): number {
	const number = numberIn(value);
	if (typeof number === 'number' && number >= MIN_RATE && number <= MAX_RATE) return number;
	const label = LABELS.requestsPerSecond;
	throw new FailureError(messages.notInRange(label, MIN_RATE, MAX_RATE, value));
}

function wholeNumber(name: Name, value: unknown, least: number): number {
	const number = numberIn(value);
	if (typeof number === 'number' && Number.isSafeInteger(number) && number >= least) return number;
	throw new FailureError(messages.notAWholeNumber(LABELS[name], least, value));
}
