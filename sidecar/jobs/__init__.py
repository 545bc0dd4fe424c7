"""The flows that learn: judge, draft, sync. Each loads, decides and saves; they meet only in the store."""
