/** Puts a counter at every branch of a source, so that a run shows where an input led, and how often. */
import ts from 'typescript'

/** Of the global array of counters. */
const counters = 'tuffetCounters'

/**
 * The text with `tuffetCounters[N]++` at the start of each function, branch, loop and case, and
 * before each part of a condition; N begins at `first`.
 */
export function withCounters(
  path: string,
  text: string,
  first: number,
): { readonly text: string; readonly next: number } {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  let next = first
  const { factory } = ts
  const count = (): ts.Expression =>
    factory.createPostfixIncrement(
      factory.createElementAccessExpression(factory.createIdentifier(counters), next++),
    )
  const counted = (expression: ts.Expression): ts.Expression =>
    factory.createParenthesizedExpression(factory.createComma(count(), expression))
  const start = (): ts.Statement => factory.createExpressionStatement(count())
  const inBlock = (statement: ts.Statement): ts.Block =>
    factory.createBlock([start(), ...(ts.isBlock(statement) ? statement.statements : [statement])])

  const { transformed } = ts.transform(file, [
    (context) => {
      const visit = (node: ts.Node): ts.Node => {
        const inner = ts.visitEachChild(node, visit, context)
        return branch(inner) ?? inner
      }
      return (root) => ts.visitEachChild(root, visit, context)
    },
  ])
  const [result] = transformed
  return { text: result ? ts.createPrinter().printFile(result) : text, next }

  function branch(node: ts.Node): ts.Node | undefined {
    if (ts.isIfStatement(node)) {
      const otherwise = node.elseStatement
        ? inBlock(node.elseStatement)
        : inBlock(factory.createEmptyStatement())
      return factory.updateIfStatement(
        node,
        node.expression,
        inBlock(node.thenStatement),
        otherwise,
      )
    }
    if (ts.isForStatement(node)) {
      const { initializer, condition, incrementor, statement } = node
      return factory.updateForStatement(
        node,
        initializer,
        condition,
        incrementor,
        inBlock(statement),
      )
    }
    if (ts.isForOfStatement(node)) {
      const { awaitModifier, initializer, expression, statement } = node
      return factory.updateForOfStatement(
        node,
        awaitModifier,
        initializer,
        expression,
        inBlock(statement),
      )
    }
    if (ts.isWhileStatement(node)) {
      return factory.updateWhileStatement(node, node.expression, inBlock(node.statement))
    }
    if (ts.isCaseClause(node)) {
      return factory.updateCaseClause(node, node.expression, [start(), ...node.statements])
    }
    if (ts.isConditionalExpression(node)) {
      const { condition, questionToken, whenTrue, colonToken, whenFalse } = node
      const [yes, no] = [counted(whenTrue), counted(whenFalse)]
      return factory.updateConditionalExpression(
        node,
        condition,
        questionToken,
        yes,
        colonToken,
        no,
      )
    }
    if (ts.isBinaryExpression(node) && isLogical(node.operatorToken.kind)) {
      return factory.updateBinaryExpression(
        node,
        node.left,
        node.operatorToken,
        counted(node.right),
      )
    }
    if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
      const { modifiers, typeParameters, parameters, type, equalsGreaterThanToken, body } = node
      return factory.updateArrowFunction(
        ...([node, modifiers, typeParameters, parameters, type, equalsGreaterThanToken] as const),
        counted(body),
      )
    }
    if (ts.isBlock(node) && isBody(node)) return inBlock(node)
    return undefined
  }
}

function isLogical(kind: ts.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken
  )
}

/** Of a function. A copy keeps its parent only in the original. */
function isBody(node: ts.Block): boolean {
  const parent = (ts.getOriginalNode(node) as ts.Block).parent as ts.Node | undefined
  return parent !== undefined && ts.isFunctionLike(parent)
}
