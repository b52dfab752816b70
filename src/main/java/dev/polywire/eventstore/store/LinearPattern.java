package dev.polywire.eventstore.store;

/**
 * A regular expression from a client, which may mean harm: a search takes no longer than the text times the expression. It has
 * what .NET's have without looking ahead or back:
 *
 * <pre>
 *   a . [a-z] [^a-z]                   \d \D \w \W \s \S, also in brackets
 *   * + ? {2} {2,} {2,5}               lazy ones too, which find the same
 *   | ( ) (?: ) (?&lt;name> )
 *   ^ $ \A \z \Z \b \B                 \t \n \r \f \v \a \e \x20 ' ', and \ before any other sign
 * </pre>
 *
 * <p>Not: references, {@code (?=}, {@code (?!}, {@code (?<=}, {@code (?i)}, {@code \p}.
 */
public final class LinearPattern {

    /** Characters in which it is looked for; it is not found in a longer text. Names of streams and types are not longer. */
    public static final int MAX_TEXT = 1_000;

    private final PatternProgram program;

    private LinearPattern(PatternProgram program) {
        this.program = program;
    }

    /** @throws IllegalArgumentException when it is none, has something that this kind has not, or is too large */
    public static LinearPattern of(String expression) {
        PatternProgram program = new PatternProgram();
        new PatternParser(expression).parse().emit(program);
        program.finish();
        return new LinearPattern(program);
    }

    /** Whether it fits somewhere in the text. */
    public boolean isFoundIn(String text) {
        return text.length() <= MAX_TEXT && program.isFoundIn(text);
    }

    /** What a search costs at most. */
    public long steps() {
        return (long) program.size() * MAX_TEXT;
    }
}
