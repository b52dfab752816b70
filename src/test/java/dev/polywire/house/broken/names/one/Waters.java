package dev.polywire.house.broken.names.one;

/** What is nested here is always read together with it. */
public sealed interface Waters {

    /** May have the name of another class. */
    record Pool() implements Waters {}
}
