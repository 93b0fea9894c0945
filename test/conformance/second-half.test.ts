import { defineShare } from './cases.ts'

defineShare(1, 2)
