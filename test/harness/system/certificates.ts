/** Certificates for this machine's own address, good and bad, from an authority of their own. */
import { createCert, type Certificate } from 'mkcert';

import { makeAuthority } from './authority';

export interface Certificates {
	/** The authority's certificate, which makes the others trusted where it is. */
	readonly authority: Certificate;
	/** Good for 127.0.0.1, where the authority is trusted. */
	readonly untrusted: Certificate;
	readonly expired: Certificate;
	/** Good for another name. */
	readonly elsewhere: Certificate;
}

/** @param authority its name, by which two of them are told apart */
export async function makeCertificates(authority = 'Tests'): Promise<Certificates> {
	const ca = await makeAuthority(authority);
	const domains = ['127.0.0.1'];
	// Of two days in the past for the expired one.
	const [untrusted, expired, elsewhere] = await Promise.all([
		createCert({ ca, domains, validity: 2 }),
		createCert({ ca, domains, validity: -2 }),
		createCert({ ca, domains: ['gong.example.com'], validity: 2 }),
	]);
	return { authority: ca, untrusted, expired, elsewhere };
}
