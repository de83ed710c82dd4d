import type { IDataObject } from 'n8n-workflow';
import type { Result } from '../failure';
import { FailureError } from '../failure';
import * as messages from '../messages/inputMessages';
import { LABELS } from './labels';

// Below, a run would seem to hang; above, no Gong company is known to be.
const MIN_RATE = 0.1;
const MAX_RATE = 100;
const DECIMAL = /^[0-9]{1,15}(\.[0-9]{1,15})?$/;

/**
 * @param choices the values, and what the screen calls each
 * @throws {FailureError} for a value that is none of them
 */
export function oneOf<T extends Readonly<Record<string, string>>>(
	choices: T,
	value: unknown,
	label: string,
): keyof T & string {
	if (typeof value === 'string' && Object.hasOwn(choices, value)) return value;
	throw new FailureError(messages.notAChoice(label, choices, value));
}

/** An option's value; its default only where it was not added, and not where its expression finds nothing. */
export function optionOf(options: IDataObject, name: string, byDefault: unknown): unknown {
	return Object.hasOwn(options, name) ? options[name] : byDefault;
}

/**
 * An option that is on or off, and off where it was not added.
 * @throws {FailureError} for anything else
 */
export function isOn(options: IDataObject, name: string): boolean {
	const label = name.replace(/([A-Z])/g, ' $1').replace(/^./, (first) => first.toUpperCase());
	return yesOrNo(optionOf(options, name, false), label);
}

/**
 * Whether a switch is on. "false" as a text would count as on elsewhere; here it must be clear.
 * @throws {FailureError} for what is neither true nor false
 */
export function yesOrNo(value: unknown, label: string): boolean {
	if (typeof value === 'boolean') return value;
	if (value === 'true' || value === 'false') return value === 'true';
	throw new FailureError(messages.notYesOrNo(label, value));
}

/**
 * A whole number of an option.
 * @throws {FailureError} for what is none, or less than `least`
 */
export function wholeNumber(
	options: IDataObject,
	name: 'callsPerRequest' | 'maxWait',
	byDefault: number,
	least: number,
): number {
	const value = numberOf(options, name, byDefault);
	const number = numberIn(value);
	if (typeof number === 'number' && Number.isSafeInteger(number) && number >= least) return number;
	throw new FailureError(messages.notAWholeNumber(LABELS[name], least, value));
}

/**
 * The requests per second of the options.
 * @throws {FailureError} for what is no number, or out of range
 */
export function requestRate(options: IDataObject, byDefault: number): number {
	const value = numberOf(options, 'requestsPerSecond', byDefault);
	const number = numberIn(value);
	if (typeof number === 'number' && number >= MIN_RATE && number <= MAX_RATE) return number;
	const label = LABELS.requestsPerSecond;
	throw new FailureError(messages.notInRange(label, MIN_RATE, MAX_RATE, value));
}

/** As {@link optionOf}; the panel leaves a number null where somebody empties it. */
function numberOf(options: IDataObject, name: string, byDefault: number): unknown {
	const value = optionOf(options, name, byDefault);
	return value === null ? byDefault : value;
}

/** A number, or the digits of one as an expression may give them. Other notations count as slips. */
function numberIn(value: unknown): unknown {
	return typeof value === 'string' && DECIMAL.test(value.trim()) ? Number(value) : value;
}

/** What reading a value gives, or why it cannot be read: a value may throw when it is looked at. */
export function attempt<T>(label: string, read: () => T): Result<T> {
	try {
		return { ok: true, value: read() };
	} catch (thrown) {
		const isOurs = thrown instanceof FailureError;
		return { ok: false, failure: isOurs ? thrown.failure : messages.unreadable(label) };
	}
}
