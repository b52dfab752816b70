package dev.polywire.house.broken.names.other;

/** Has its name again in another package. */
public final class Pool {}
