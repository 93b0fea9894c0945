import { defineShare } from './cases.ts'

defineShare(0, 2)
