import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@plutojl/lezer-julia';

// The package's own type is one that its dependency does not have.
const parse = (code: string): Tree => (parser as { parse(code: string): Tree }).parse(code);

/** What emitted Julia may call without defining it: Base, LinearAlgebra, and Random by its name. */
const known = new Set(
  `AbstractArray ArgumentError Array CartesianIndex CartesianIndices Diagonal DimensionMismatch Float32 Float64 I Inf Inf32
  Iterators Matrix NaN NaN32 Number PROGRAM_FILE Real Symmetric Tuple abs abspath acos all append! asin atan axes cholesky
  convert copy cos cosh cumprod det diag diagm dot dropdims eltype eps exit exp expm1 false fill first float foldl ifelse
  isempty isfinite isinf isinteger isnan isodd issuccess join length log log1p logabsdet lu max maximum min minimum mod1
  nothing ntuple oftype one only ones permutedims pi pinv println prod promote_type qr rand randn repeat reshape reverse
  sign sin sinh size sqrt sum svd tan tanh throw tril true vec zero zeros zip`.split(/\s+/),
);

/** Where the parser had to recover, with what stands around. */
export function syntaxErrors(code: string): readonly string[] {
  const found: string[] = [];
  parse(code).iterate({
    enter(node) {
      if (node.type.isError) found.push(code.slice(Math.max(0, node.from - 40), node.to + 40));
    },
  });
  return found;
}

/** Names that are read where nothing has defined them. */
export function undefinedNames(code: string): readonly string[] {
  const missing: string[] = [];
  const text = (node: SyntaxNode): string => code.slice(node.from, node.to);
  const children = (node: SyntaxNode): SyntaxNode[] => {
    const list: SyntaxNode[] = [];
    for (let child = node.firstChild; child; child = child.nextSibling) list.push(child);
    return list;
  };
  type Scope = { readonly names: Set<string>; readonly outer?: Scope };
  const inner = (outer: Scope): Scope => ({ names: new Set(), outer });
  const has = (scope: Scope | undefined, name: string): boolean =>
    scope !== undefined && (scope.names.has(name) || has(scope.outer, name));

  /** The names that a pattern binds; what stands in it besides is read. */
  const bind = (node: SyntaxNode, scope: Scope): void => {
    if (node.name === 'Identifier') scope.names.add(text(node));
    else if (['TupleExpression', 'OpenTuple', 'SplatExpression', 'Arguments', 'KeywordArguments'].includes(node.name))
      for (const child of children(node)) bind(child, scope);
    else if (node.name === 'KwArg' || node.name === 'BinaryExpression') {
      const [name, ...rest] = children(node);
      for (const child of rest) visit(child, scope);
      bind(name!, scope);
    } else if (/\w/.test(node.name)) visit(node, scope);
  };
  /** `f(x, y)` as the head of a function: its name outside, its parameters inside. */
  const head = (call: SyntaxNode, scope: Scope): Scope => {
    const [name, parameters] = children(call);
    bind(name!, scope);
    const own = inner(scope);
    bind(parameters!, own);
    return own;
  };
  const visit = (node: SyntaxNode, scope: Scope): void => {
    const parts = children(node);
    const all = (list: readonly SyntaxNode[], s: Scope): void => {
      for (const child of list) visit(child, s);
    };
    switch (node.name) {
      case 'Identifier':
        if (!has(scope, text(node)) && !known.has(text(node))) missing.push(text(node));
        return;
      case 'Field':
      case 'Symbol':
      case 'MacroIdentifier':
      case 'UsingStatement':
        return;
      case 'ImportPath':
      case 'LocalStatement':
        for (const child of parts) bind(child, scope);
        return;
      case 'KwArg':
        all(parts.slice(1), scope);
        return;
      case 'FunctionDefinition': {
        const signature = parts.find((child) => child.name === 'Signature')!;
        const own = head(signature.firstChild!, scope);
        all(parts.slice(parts.indexOf(signature) + 1), own);
        return;
      }
      case 'Assignment': {
        const [left, value] = [parts[0]!, parts.at(-1)!];
        if (left.name === 'CallExpression') visit(value, head(left, scope));
        else {
          visit(value, scope);
          bind(left, scope);
        }
        return;
      }
      case 'ArrowFunctionExpression': {
        const own = inner(scope);
        bind(parts[0]!, own);
        all(parts.slice(1), own);
        return;
      }
      case 'Generator':
      case 'ForStatement': {
        const own = inner(scope);
        const loops = (
          node.name === 'Generator' ? parts.filter((p) => p.name === 'GenFor').flatMap(children) : parts
        ).filter((p) => p.name === 'ForBinding');
        for (const loop of loops) {
          const [pattern, , range] = children(loop);
          visit(range!, own);
          bind(pattern!, own);
        }
        all(
          parts.filter((p) => p.name !== 'ForBinding' && p.name !== 'GenFor'),
          own,
        );
        return;
      }
      default:
        all(parts, scope);
    }
  };
  // Functions may be called before they are defined.
  const whole: Scope = { names: new Set() };
  const top = children(parse(code).topNode);
  for (const node of top) {
    const call =
      node.name === 'FunctionDefinition'
        ? children(node).find((child) => child.name === 'Signature')?.firstChild
        : node.name === 'Assignment' && node.firstChild?.name === 'CallExpression'
          ? node.firstChild
          : undefined;
    if (call) whole.names.add(text(call.firstChild!));
  }
  for (const node of top) visit(node, whole);
  return missing;
}
