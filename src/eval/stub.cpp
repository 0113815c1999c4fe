// replaced by real sources
