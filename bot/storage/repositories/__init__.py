"""The questions asked of each table, a module for each topic. No other module outside storage knows SQL."""
