/** In the place of an OpenTelemetry SDK: keeps the active span, and prints each span when it ends. */
import { AsyncLocalStorage } from 'node:async_hooks'
import {
  context,
  INVALID_SPAN_CONTEXT,
  ROOT_CONTEXT,
  trace,
  type Attributes,
  type Context,
  type ContextManager,
  type Span,
  type Tracer,
} from '@opentelemetry/api'

const active = new AsyncLocalStorage<Context>()

const contexts: ContextManager = {
  active: () => active.getStore() ?? ROOT_CONTEXT,
  with: (one, work, self, ...args) => active.run(one, () => work.apply(self, args)),
  bind: (_, target) => target,
  enable: () => contexts,
  disable: () => contexts,
}

const tracer: Tracer = {
  startSpan: (name) => spanNamed(name),
  startActiveSpan(name: string, ...rest: unknown[]) {
    const work = rest.at(-1) as (span: Span) => never
    const span = spanNamed(name)
    return context.with(trace.setSpan(context.active(), span), () => work(span))
  },
}

function spanNamed(name: string): Span {
  const events: string[] = []
  const span: Span = Object.assign(trace.wrapSpanContext(INVALID_SPAN_CONTEXT), {
    addEvent(event: string, attributes: Attributes) {
      events.push(`  ${event} ${JSON.stringify(attributes)}`)
      return span
    },
    end: () => console.log([`span ${name}`, ...events].join('\n')),
  })
  return span
}

context.setGlobalContextManager(contexts)
trace.setGlobalTracerProvider({ getTracer: () => tracer })
