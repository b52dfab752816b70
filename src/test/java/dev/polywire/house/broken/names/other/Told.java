package dev.polywire.house.broken.names.other;

/** Is named by a word that nobody else has for it. */
public final class Told {

    /** Has the name of two classes that are no part of this one. */
    public static final class Pool {}
}
