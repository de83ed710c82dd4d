// RFC 5321: 64 characters, the at sign, and 255 more.
export const MAX_ADDRESS = 320;

/** What an e-mail address is compared by: two spellings of one address give the same. */
export function addressKey(address: string): string {
	const text = address.trim().toLowerCase();
	// Composing takes quadratic time where marks follow on marks.
	if (text.length > MAX_ADDRESS) return text;
	// Letters are composed first, since some have a lower case only so; lower case can take them apart.
	return address.trim().normalize('NFC').toLowerCase().normalize('NFC');
}
