import type { IDataObject } from 'n8n-workflow';
import { FailureError } from '../failure';
import type { WayName } from '../gong/ways';
import { WAYS } from '../gong/ways';
import * as messages from '../messages/inputMessages';
import { DEFAULT_REQUESTS_PER_SECOND } from '../transport/defaultRate';
import { isOn, oneOf, optionOf, requestRate, wholeNumber, yesOrNo } from './choices';
import { daysBeforeToday, parseDateTime } from './dateTime';
import {
	DEFAULT_CALLS_PER_REQUEST,
	DEFAULT_DAYS_OF_PLAYS,
	DEFAULT_MAX_WAIT,
} from './optionDefaults';
import type { ItemContext } from './itemContext';
import {
	LABELS,
	NAMES_OF_OPERATIONS,
	NAMES_OF_WAYS,
	ON_UNKNOWN_CALLS,
	OUTPUT_FORMATS,
} from './labels';
import type { NodeParameters } from './nodeParameters';
import type { OperationName } from './operationNames';
import { isRead } from './operationNames';

/** What the node is to do, and how. The same for all items unless a parameter holds an expression. */
export interface Settings {
	operation: OperationName;
	splitInto: 'calls' | 'users' | 'people';
	/** For explain: the ways to look at, in their order; otherwise none. */
	ways: WayName[];
	/** For explain by users: whether a row has only the columns that most people need. */
	simplify: boolean;
	callsPerRequest: number;
	/** Milliseconds. */
	maxWaitMs: number;
	requestsPerSecond: number;
	reportUnknownCalls: boolean;
	includeCallsWithoutUsers: boolean;
	includeUserDetails: boolean;
	includeCallDetails: boolean;
	/** Only for operations that read. */
	includeLastPlayed: boolean;
	/** ISO 8601: the moment from which plays are looked for; empty where they are not. */
	playedSince: string;
	dryRun: boolean;
	readBack: boolean;
	allowNoUsers: boolean;
}

const NO_OPTIONS = {};

/** Reads what the node is to do from the parameters of a run's items. */
export class SettingsReader {
	private last: { options: unknown; others: string; settings: Settings } | undefined;

	/** @param now milliseconds: when the run began */
	constructor(
		private readonly parameters: NodeParameters,
		private readonly now: number,
	) {}

	/**
	 * @returns the same object again where nothing differs from the item before
	 * @throws {FailureError} naming the parameter and the value; what n8n throws for an expression
	 */
	read(context: ItemContext): Settings {
		const value = (name: string, fallback: unknown): unknown =>
			this.parameters.value(context, name, fallback);
		const options = value('options', NO_OPTIONS) as IDataObject | undefined | null;
		if (typeof options !== 'object' || options === null) {
			throw new FailureError(messages.noOptions(options));
		}
		const operation = value('operation', 'list');
		const splitInto = value('splitInto', 'calls');
		const isExplain = operation === 'explain';
		const ways = isExplain ? value('ways', []) : [];
		const simplify = isExplain && splitInto === 'users' && value('simplify', true);
		const others = [operation, splitInto, ways, simplify].map(String).join(' ');
		if (this.last?.options === options && this.last.others === others) return this.last.settings;
		const name = oneOf(NAMES_OF_OPERATIONS, operation, 'Operation');
		const includeLastPlayed = isRead(name) && isOn(options, 'includeLastPlayed');
		const settings: Settings = {
			operation: name,
			splitInto: oneOf(OUTPUT_FORMATS, splitInto, LABELS.splitInto),
			ways: isExplain ? waysOf(ways) : [],
			simplify: yesOrNo(simplify, LABELS.simplify),
			callsPerRequest: wholeNumber(options, 'callsPerRequest', DEFAULT_CALLS_PER_REQUEST, 1),
			maxWaitMs: 1000 * wholeNumber(options, 'maxWait', DEFAULT_MAX_WAIT, 0),
			requestsPerSecond: requestRate(options, DEFAULT_REQUESTS_PER_SECOND),
			reportUnknownCalls:
				oneOf(ON_UNKNOWN_CALLS, optionOf(options, 'unknownCalls', 'fail'), LABELS.unknownCalls) ===
				'report',
			includeCallsWithoutUsers: isOn(options, 'includeCallsWithoutUsers'),
			includeUserDetails: isOn(options, 'includeUserDetails'),
			includeCallDetails: isOn(options, 'includeCallDetails'),
			includeLastPlayed,
			playedSince: includeLastPlayed ? this.playedSince(options, context.getTimezone()) : '',
			dryRun: !isRead(name) && isOn(options, 'dryRun'),
			readBack: isOn(options, 'readBack'),
			allowNoUsers: name === 'replace' && isOn(options, 'allowNoUsers'),
		};
		this.last = { options, others, settings };
		return settings;
	}

	private playedSince(options: IDataObject, timezone: string): string {
		const value = optionOf(options, 'playedSince', '');
		// As it is added in the panel, and as the panel leaves it where somebody empties it.
		if (value === '' || value === null) {
			return daysBeforeToday(DEFAULT_DAYS_OF_PLAYS, this.now, timezone).toISOString();
		}
		const moment = parseDateTime(value, timezone, 'start');
		if (!moment) throw new FailureError(messages.notADateTime(LABELS.playedSince, value));
		if (moment.getTime() >= this.now) {
			throw new FailureError(messages.notInThePast(LABELS.playedSince, value));
		}
		return moment.toISOString();
	}
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
