package dev.polywire.house.broken.names.one;

/** Has its name again in another package. */
public final class Pool {}
