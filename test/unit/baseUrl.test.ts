import { checkBaseUrl } from '../../nodes/GongCallAccess/transport/baseUrl';

test.each([
	['https://api.gong.io', 'https://api.gong.io'],
	['https://api.gong.io/', 'https://api.gong.io'],
	['https://api.gong.io//', 'https://api.gong.io'],
	['  https://api.gong.io\n', 'https://api.gong.io'],
	['HTTPS://API.Gong.io', 'https://api.gong.io'],
	['https://us-12345.api.gong.io', 'https://us-12345.api.gong.io'],
	['https://gateway.example.com:8443/gong/', 'https://gateway.example.com:8443/gong'],
	['http://localhost:5678', 'http://localhost:5678'],
	['http://127.0.0.1:5678/', 'http://127.0.0.1:5678'],
	['http://127.8.9.10', 'http://127.8.9.10'],
	['http://[::1]:5678', 'http://[::1]:5678'],
])('takes %j', (given, base) => {
	expect(checkBaseUrl(given)).toEqual({ ok: true, value: base });
});

test.each<[unknown, RegExp]>([
	['http://api.gong.io', /must start with https:\/\/.*http:\/\/api\.gong\.io/],
	['http://localhost.example.com', /must start with https/],
	['http://127.0.0.1.example.com', /must start with https/],
	['http://127evil.example.com', /must start with https/],
	['http://10.0.0.1', /must start with https/],
	['http://0.0.0.0', /must start with https/],
	['http://[::2]', /must start with https/],
	['ftp://api.gong.io', /must start with https/],
	['file:///etc/hosts', /must start with https/],
	['javascript:alert(1)', /must start with https/],
	['api.gong.io', /not a web address/],
	['//api.gong.io', /not a web address/],
	['https://', /not a web address/],
	['https://api.gong.io:port', /not a web address/],
	['https://user:word@api.gong.io', /No user, password/],
	['https://user@api.gong.io', /No user, password/],
	['http://127.0.0.1@evil.example.com', /No user, password/],
	['https://api.gong.io/?next=1', /No user, password, "\?"/],
	['https://api.gong.io/#v2', /No user, password, "\?" or "#"/],
	['', /no Base URL/],
	['  ', /no Base URL/],
	[undefined, /no Base URL/],
	[null, /no Base URL/],
	[{ host: 'api.gong.io' }, /no Base URL/],
])('refuses %j and says what to set', (given, words) => {
	const checked = checkBaseUrl(given);
	const told = checked.ok ? '' : `${checked.failure.message}. ${checked.failure.advice}`;
	expect(told).toMatch(words);
	expect(told).toContain('https://api.gong.io');
});

test('does not repeat a password that was typed into the address', () => {
	const checked = checkBaseUrl('http://me:hidden-word@api.gong.io');
	expect(checked.ok).toBe(false);
	expect(JSON.stringify(checked)).not.toContain('hidden-word');
});
