import { FailureError } from '../failure';
import type { Result } from '../failure';
import type { Period } from '../gong/calls';
import * as messages from '../messages/inputMessages';
import { plain } from '../messages/visible';
import { attempt } from './choices';
import type { IdKind } from './ids';
import { readableIds, readIds } from './ids';
import { IdsSources, labelOfUsers } from './idsSource';
import type { ItemContext } from './itemContext';
import { NodeParameters } from './nodeParameters';
import { isRead } from './operationNames';
import { periodOf } from './period';
import type { Settings } from './settings';
import { SettingsReader } from './settings';

export type { Settings } from './settings';

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

type PartState = 'whole' | 'partly' | 'empty' | 'null' | 'absent' | 'threw';

/** The IDs that were read last, and from what. */
interface LastIds {
	value: unknown;
	label: string;
	read: Result<string[]>;
}

const MAX_LABEL_LENGTH = 100;

/** Reads the parameters of a run's items. */
export class ParameterReader {
	// One moment for all items of the run, so that the same period is the same for each.
	private readonly now = Date.now();

	private readonly parameters = new NodeParameters();

	private readonly settings = new SettingsReader(this.parameters, this.now);

	private readonly sources = new IdsSources(this.parameters);

	private readonly lastIds: { [kind in IdKind]?: LastIds } = {};

	/**
	 * @returns what the item asks for
	 * @throws {FailureError} naming the parameter and the value; what n8n throws for an expression
	 */
	read(context: ItemContext): ItemParameters {
		const settings = this.settings.read(context);
		const calls = this.calls(context, settings);
		if (isRead(settings.operation)) return { calls, users: [], usersLabel: '', settings };
		const users = this.ids(context, 'user', settings, settings.allowNoUsers);
		const usersLabel = labelOfUsers(this.parameters.value(context, 'usersFrom', 'ids'));
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
			return this.settings.read(context).allowNoUsers;
		} catch {
			return false;
		}
	}

	private partOf(context: ItemContext, kind: IdKind): { ids: string[]; state: PartState } {
		try {
			const { value } = this.sources.of(context, kind);
			// What finds nothing may have been meant to find something: n8n gives that for most slips too.
			if (value === undefined) return { ids: [], state: 'absent' };
			if (value === null) return { ids: [], state: 'null' };
			if (isEmpty(value)) return { ids: [], state: 'empty' };
			const { ids, complete } = readableIds(value, kind);
			return { ids, state: complete ? 'whole' : 'partly' };
		} catch (thrown) {
			return { ids: [], state: thrown instanceof FailureError ? 'partly' : 'threw' };
		}
	}

	private calls(context: ItemContext, settings: Settings): string[] | Period {
		const from = this.parameters.value(context, 'callsFrom', 'ids');
		return from === 'period' && isRead(settings.operation)
			? periodOf(this.parameters, context, this.now)
			: this.ids(context, 'call', settings, false);
	}

	private ids(
		context: ItemContext,
		kind: IdKind,
		{ operation }: Settings,
		mayBeEmpty: boolean,
	): string[] {
		const isReplace = operation === 'replace';
		const { label, value, path, isPicked } = this.sources.of(context, kind);
		const field = plain(path ?? '', MAX_LABEL_LENGTH);
		if (path !== undefined && (value === undefined || value === null)) {
			throw new FailureError(messages.missingField(label, path, value, isReplace));
		}
		if (value === undefined) throw new FailureError(messages.nothingFound(label, isReplace));
		const isNothing = attempt(label, () => isEmpty(value));
		if (isNothing.ok && isNothing.value) {
			if (mayBeEmpty) return [];
			if (path !== undefined) {
				throw new FailureError(messages.emptyField(label, field, isReplace));
			}
			if (isPicked) throw new FailureError(messages.nothingPicked(label, kind));
		}
		return this.parsed(path === undefined ? label : `${label}: ${field}`, value, kind);
	}

	private parsed(label: string, value: unknown, kind: IdKind): string[] {
		let last = this.lastIds[kind];
		// Without an expression it is the same text for every item, and as good or bad for each.
		if (!last || last.value !== value || last.label !== label) {
			last = { value, label, read: attempt(label, () => readIds(value, kind, label)) };
			this.lastIds[kind] = last;
		}
		if (!last.read.ok) throw new FailureError(last.read.failure);
		return last.read.value;
	}
}

/** Whether an item names nothing: its calls and users are empty, or the whole item is. */
function isBlank(calls: PartState, users: PartState, context: ItemContext): boolean {
	const isEach = (...states: PartState[]): boolean =>
		[calls, users].every((state) => states.includes(state));
	if (isEach('empty', 'null')) return true;
	return isEach('empty', 'null', 'absent') && hasNothing(context);
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
