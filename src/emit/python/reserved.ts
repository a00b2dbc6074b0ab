/** Names that no identifier of a user may take: Python's keywords and built-in names, and those of every emitted file. */
const words =
  'False None True and as assert async await break class continue def del elif else except finally for from global if ' +
  'import in is lambda nonlocal not or pass raise return try while with yield match case type ' +
  'abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex copyright ' +
  'credits delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr globals hasattr hash ' +
  'help hex id input int isinstance issubclass iter len license list locals map max memoryview min next object oct open ' +
  'ord pow print property quit range repr reversed round set setattr slice sorted staticmethod str sum super tuple type ' +
  'vars zip ArithmeticError AssertionError Exception IndexError NameError OSError RuntimeError TypeError ValueError ' +
  'Result check differences error slope moved symmetric diagonal wave waves uniform normal cores seed result errors rng at index count ' +
  'functools math sys NamedTuple';

export const pythonWords: ReadonlySet<string> = new Set(words.split(' '));
