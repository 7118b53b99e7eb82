// What both sides of the kernels have to know, read from the compiled AssemblyScript and written as TypeScript: the
// signatures of what index.ts exports, the fields of every record (a class that is @unmanaged) and the exported
// constants. Nothing of it is typed a second time.
import {
  Class,
  CommonFlags,
  DecoratorFlags,
  ExpressionId,
  Global,
  getConstValueI32,
  getExpressionId,
  getGlobalInit,
  PropertyPrototype,
} from 'assemblyscript';

const OURS = 'assembly/';
const WORD = 4;

export const decorators = ({ decorators }) => decorators ?? [];

/** The comment that stands right before a declaration, or nothing. */
function commentOf(declaration) {
  const { source, start } = (decorators(declaration)[0] ?? declaration).range;
  // the declaration of a constant begins with its name
  const before = source.text
    .slice(0, start)
    .replace(/export const $/, '')
    .trimEnd();
  return before.endsWith('*/') ? `${before.slice(before.lastIndexOf('/**'))}\n` : '';
}

/** Names that have to mean one thing each. */
function unique(kind, elements) {
  const seen = new Map();
  for (const { name, internalName } of elements) {
    if (seen.has(name)) throw new Error(`two ${kind} have the name ${name}: ${seen.get(name)} and ${internalName}`);
    seen.set(name, internalName);
  }
  return elements;
}

/** `DepthwiseTile` is DEPTHWISE_TILE among the constants. */
const constantName = (name) => name.replace(/(?<!^)[A-Z]/g, '_$&').toUpperCase();

/** Fields in order. A record is a run of words, of 32 bits each or of 64 bits each, without gaps. */
function fieldsOf(record) {
  const fields = [...record.members.values()]
    .filter((member) => member instanceof PropertyPrototype && member.instance?.isField)
    .map(({ instance: { name, type, memoryOffset } }) => ({ name, type, offset: memoryOffset }))
    .sort((a, b) => a.offset - b.offset);
  const word = fields[0].type.byteSize;
  if (word < WORD || fields.some(({ offset, type }, i) => offset !== i * word || type.byteSize !== word))
    throw new Error(`${record.internalName} is not a run of words of one size`);
  return { name: record.name, word, fields, bytes: fields.length * word };
}

/** Names of the fields that hold f32: a name is of one type in all records, so that it says how to write the field. */
function floatNames(records) {
  const fields = records.filter(({ word }) => word === WORD).flatMap((record) => record.fields);
  const isFloat = new Map();
  for (const { name, type } of fields) {
    if ((isFloat.get(name) ?? type.isFloatValue) !== type.isFloatValue)
      throw new Error(`the field ${name} is f32 in one record and an integer in another`);
    isFloat.set(name, type.isFloatValue);
  }
  return [...isFloat].filter(([, float]) => float).map(([name]) => name);
}

/** As TypeScript writes it: records are passed by address. */
const typeOf = (type) => (type.isClass ? `At<'${type.classReference.name}'>` : type.toString());

function signatureOf(prototype) {
  const [{ signature }] = prototype.instances.values();
  const { parameters } = prototype.functionTypeNode;
  const list = signature.parameterTypes.map((type, i) => `${parameters[i].name.text}: ${typeOf(type)}`);
  return `${commentOf(prototype.declaration)}${prototype.name}(${list.join(', ')}): ${typeOf(signature.returnType)};\n`;
}

function layoutOf({ name, word, fields, bytes }) {
  const list = fields.map((field) => `'${field.name}'`).join(', ');
  const constant = constantName(name);
  return `/** Fields of ${name}, ${word * 8} bits each. */
export const ${constant} = [${list}] as const;
export const ${constant}_BYTES = ${bytes};
`;
}

/** One that is marked @inline stands where it is used, and nowhere else. */
function constantOf(program, global) {
  const isInlined = global.is(CommonFlags.Inlined);
  const value = isInlined ? 0 : getGlobalInit(program.module.getGlobal(global.internalName));
  if ((!isInlined && getExpressionId(value) !== ExpressionId.Const) || global.type.isFloatValue)
    throw new Error(`${global.internalName} is not an integer that the compiler knows`);
  const number = isInlined ? Number(global.constantIntegerValue) | 0 : getConstValueI32(value);
  return `${commentOf(global.declaration)}export const ${global.name} = ${number};\n`;
}

const header = `// Written by the build from the AssemblyScript in assembly/: change that, not this.

/** An address, or a number of bytes. */
export type usize = number;
export type i32 = number;
export type f32 = number;
export type f64 = number;
export type bool = number;
/** Address of a record. */
export type At<_Record extends string> = number;
`;

/** Text of the TypeScript module for a compiled program that exports these functions. */
export function boundaryOf(program, kernels) {
  const ours = (elements) => [...elements.values()].filter(({ internalName }) => internalName.startsWith(OURS));
  const all = ours(program.instancesByName).filter((element) => element instanceof Class);
  const records = unique(
    'records',
    all.filter((c) => c.prototype.hasDecorator(DecoratorFlags.Unmanaged)),
  ).map(fieldsOf);
  const isConstant = (element) => element instanceof Global && element.file.exports?.get(element.name) === element;
  const constants = unique('constants', ours(program.elementsByName).filter(isConstant));
  const floats = floatNames(records).map((name) => `field === '${name}'`);
  return `${header}
${records.map(layoutOf).join('')}
/** Whether the fields of that name hold f32, and not an integer. */
export const isFloat = (field: string): boolean => ${floats.join(' || ') || false};

${constants.map((constant) => constantOf(program, constant)).join('')}
/** What every build exports. */
export interface Kernels {
${kernels.map(signatureOf).join('')}}
`;
}
