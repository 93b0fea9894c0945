import { describe, expect, test } from 'vitest'
import { beginsAsEvent, notAnEvent } from '../../src/audit/kind.ts'

const judge = (text: string): string | undefined => {
  // Surrounded, to show that only the range counts.
  const bytes = Buffer.from(`{"kind":"Pod"}${text}{"kind":"Pod"}`)
  return notAnEvent(bytes, 14, bytes.length - 14)
}

describe('events', () => {
  test.each([
    '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata"}',
    '{"kind": "Event", "apiVersion": "audit.k8s.io/v1beta1", "level": "Metadata"}',
    '{"apiVersion":"audit.k8s.io/v1beta1","auditID":"a","kind":"Event"}',
    '{"annotations":{"kind":"Pod"},"kind":"Event","metadata":{"apiVersion":"v1"}}',
    '{"kind":"Event"}',
    '{"auditID":"a","stage":"ResponseComplete","requestObject":{"kind":"Pod","involvedObject":1}}',
    '{ "level" : "Request" , "requestURI" : "/api" }',
  ])('%s', (text) => {
    expect(judge(text)).toBeUndefined()
  })
})

describe('others', () => {
  test.each([
    ['{}', 'an object without a kind'],
    ['{"auditID":"a","message":"hello"}', 'an object without a kind'],
    ['{"a":{"auditID":"a","stage":"b"}}', 'an object without a kind'],
    ['{"kind":"Pod","apiVersion":"v1"}', 'an object of kind `Pod`'],
    ['{"apiVersion":"v1","items":[],"kind":"PodList"}', 'an object of kind `PodList`'],
    ['{"kind":0,"auditID":"a","stage":"b"}', 'an object of kind other than `Event`'],
    ['{"kind":"<script>"}', 'an object of kind other than `Event`'],
    ['{"kind":"Event","apiVersion":"v1"}', 'a core Kubernetes Event'],
    ['{"apiVersion":"events.k8s.io/v1","kind":"Event"}', 'a core Kubernetes Event'],
    ['{"kind":"Event","involvedObject":{}}', 'a core Kubernetes Event'],
    ['{"insertId":"a","protoPayload":{}}', 'a Google Cloud log entry'],
    ['{"operationName":"a","properties":{"log":"{}"}}', 'an Azure diagnostic record'],
    ['{"logEvents":[]}', 'a CloudWatch Logs message'],
  ])('%s', (text, what) => {
    expect(judge(text)).toBe(what)
  })
})

test('the usual beginning must be inside of the range', () => {
  const bytes = Buffer.from('{"kind":"Event","apiVersion":"audit.k8s.io/v1"}')
  expect(beginsAsEvent(bytes, 0, bytes.length)).toBe(true)
  expect(beginsAsEvent(bytes, 0, 44)).toBe(false)
  expect(beginsAsEvent(bytes, 1, bytes.length)).toBe(false)
})
