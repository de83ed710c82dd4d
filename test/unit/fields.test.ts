import * as fc from 'fast-check';
import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';
import { FieldPath, plainField } from '../../nodes/GongCallAccess/parameters/fieldPath';

const ITEM = {
	id: '1',
	'my field': '2',
	'a.b': '3',
	a: { b: 'shadowed', c: '4' },
	'calls[0]': '5',
	calls: [{ id: '6' }, { id: '7' }],
	metaData: { id: '8', 'deep field': { 'x.y': '9' } },
	"it's": '10',
	'"quoted"': '11',
	'': '12',
	' spaced ': '13',
	nothing: null,
	zero: 0,
	日本: '14',
} as unknown as IDataObject;

describe('a path to a field', () => {
	test.each<[string, unknown]>([
		['id', '1'],
		['my field', '2'],
		["['my field']", '2'],
		['["my field"]', '2'],
		['a.b', '3'],
		['a.c', '4'],
		["['a.b']", '3'],
		["a['b']", 'shadowed'],
		['calls[0]', '5'],
		['calls[0].id', '6'],
		['calls[1].id', '7'],
		['calls.1.id', '7'],
		['calls', [{ id: '6' }, { id: '7' }]],
		['metaData.id', '8'],
		["metaData['deep field']['x.y']", '9'],
		["metaData.deep field['x.y']", '9'],
		["it's", '10'],
		['["it\'s"]', '10'],
		['"quoted"', '11'],
		[' id ', '1'],
		[' spaced ', '13'],
		['nothing', null],
		['zero', 0],
		['日本', '14'],
	])('finds %j', (path, value) => {
		expect(new FieldPath(path).in(ITEM)).toEqual(value);
	});

	test.each([
		['missing'],
		['id.length'],
		['id.0'],
		['a.b.c'],
		['calls[2].id'],
		['calls[-1].id'],
		['nothing.at.all'],
		['metaData.'],
		['.id.'],
		['$json.id'],
		['{{ $json.id }}'],
	])('finds nothing at %j', (path) => {
		expect(new FieldPath(path).in(ITEM)).toBeUndefined();
	});

	test.each([
		['constructor'],
		['toString'],
		['__proto__'],
		['__proto__.toString'],
		['a.constructor.name'],
		["a['__proto__']"],
		['calls.map'],
		['constructor.prototype'],
	])('reads only own properties: %j', (path) => {
		expect(new FieldPath(path).in(ITEM)).toBeUndefined();
	});

	test('finds every field by its plain name', () => {
		const name = fc.string({ minLength: 1 }).filter((text) => text !== '__proto__');
		fc.assert(
			fc.property(name, fc.string(), (field, value) => {
				expect(new FieldPath(field).in({ [field]: value })).toBe(value);
			}),
		);
	});

	test('finds every field in the notation that n8n writes when a field is dropped', () => {
		const name = fc.string({ minLength: 1 }).filter((text) => !/['\\]/.test(text));
		fc.assert(
			fc.property(name, name, fc.string(), (outer, inner, value) => {
				fc.pre(outer !== '__proto__' && inner !== '__proto__');
				const path = `['${outer}']['${inner}']`;
				fc.pre(outer !== path);
				expect(new FieldPath(path).in({ [outer]: { [inner]: value } })).toBe(value);
			}),
		);
	});

	test('no typed text makes it throw', () => {
		const json = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<IDataObject>;
		fc.assert(
			fc.property(fc.string(), json, (path, item) => {
				expect(() => new FieldPath(path).in(item)).not.toThrow();
			}),
		);
	});
});

describe('an expression that only reads a field', () => {
	const valueOf = (expression: unknown, json: IDataObject = ITEM): unknown => {
		const context = { getInputData: () => ({ json }) } as unknown as IExecutePaginationFunctions;
		return plainField(context, expression);
	};

	test.each<[string, unknown]>([
		['={{ $json.id }}', '1'],
		['={{$json.id}}', '1'],
		['={{  $json.metaData.id  }}', '8'],
		["={{ $json['my field'] }}", '2'],
		['={{ $json["my field"] }}', '2'],
		["={{ $json['a.b'] }}", '3'],
		['={{ $json.a.b }}', 'shadowed'],
		['={{ $json.a.c }}', '4'],
		['={{ $json.calls[1].id }}', '7'],
		['={{ $json.zero }}', 0],
	])('is read without n8n’s evaluator, to the same value: %s', (expression, value) => {
		expect(valueOf(expression)).toEqual(value);
	});

	test.each([
		['$json.id'],
		['={{ $json.id + 1 }}'],
		['={{ $json.id }} {{ $json.id }}'],
		['= {{ $json.id }}'],
		['={{ $json.id }},2'],
		['=x{{ $json.id }}'],
		['={{ $json.id.trim() }}'],
		['={{ $json?.id }}'],
		['={{ $json }}'],
		['={{ $input.item.json.id }}'],
		["={{ $('Before').item.json.id }}"],
		['={{ $json.missing }}'],
		['={{ $json.nothing }}'],
		['={{ $json.calls }}'],
		['={{ $json.constructor.name }}'],
		["={{ $json['it\\'s'] }}"],
		[''],
	])('is left to n8n when it does anything else, or when its value is: %s', (expression) => {
		expect(valueOf(expression)).toBeUndefined();
	});

	test.each([[undefined], [null], [1], [['={{ $json.id }}']], [{ a: '={{ $json.id }}' }]])(
		'is not recognized in %p',
		(raw) => {
			expect(valueOf(raw)).toBeUndefined();
		},
	);

	test('reads the field that n8n would read, and not one whose name looks like the path', () => {
		expect(valueOf('={{ $json.id }}', { '.id': 'wrong', id: 'right' })).toBe('right');
		expect(valueOf("={{ $json['id'] }}", { "['id']": 'wrong', id: 'right' })).toBe('right');
	});

	test('is correct for many expressions, one after the other', () => {
		for (let round = 0; round < 2; round++) {
			for (let place = 0; place < 250; place++) {
				const json = { [`f${place}`]: String(place) };
				expect(valueOf(`={{ $json.f${place} }}`, json)).toBe(String(place));
			}
		}
	});
});
