/** Certificates for this machine's own address, valid and invalid, from an authority of their own. */
import { createCert, type Certificate } from 'mkcert';

import { makeAuthority } from './authority';

export interface Certificates {
	/** The authority's certificate; a program that trusts it trusts the others. */
	readonly authority: Certificate;
	/** Valid for 127.0.0.1, where the authority is trusted. */
	readonly untrusted: Certificate;
	readonly expired: Certificate;
	/** Valid for another name. */
	readonly elsewhere: Certificate;
}

/** @param authority its name, which distinguishes two of them */
export async function makeCertificates(authority = 'Tests'): Promise<Certificates> {
	const ca = await makeAuthority(authority);
	const domains = ['127.0.0.1'];
	// The expired one ended two days ago.
	const [untrusted, expired, elsewhere] = await Promise.all([
		createCert({ ca, domains, validity: 2 }),
		createCert({ ca, domains, validity: -2 }),
		createCert({ ca, domains: ['gong.example.com'], validity: 2 }),
	]);
	return { authority: ca, untrusted, expired, elsewhere };
}
