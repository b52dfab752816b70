package dev.polywire.testing;

/** A secret of the tests: the build server looks for it in all that the whole suite has printed, where it must not be. */
public final class Canary {

    /** What is looked for; {@code .ci/run} has it too. */
    public static final String SONG = "canary-7f3a";

    private Canary() {}

    /** A password or token of somebody, long enough for the bridge. */
    public static String of(String owner) {
        return SONG + "-token-of-" + owner;
    }
}
