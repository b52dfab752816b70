package dev.polywire.core.json;

/** A JSON field is missing, unknown, or not what was expected. The message begins with the field's path. */
public final class FieldException extends RuntimeException {

    private final String path;
    private final String complaint;
    private final boolean tooMuch;

    public FieldException(String path, String complaint) {
        this(path, complaint, false);
    }

    private FieldException(String path, String complaint, boolean tooMuch) {
        super(path + ": " + complaint, null, false, false);
        this.path = path;
        this.complaint = complaint;
        this.tooMuch = tooMuch;
    }

    /** Well-formed as far as it was read, and over a configured bound. */
    static FieldException tooMuch(String path, String complaint) {
        return new FieldException(path, complaint, true);
    }

    /** Whether it was a bound on memory that it broke, and not its form. */
    public boolean isTooMuch() {
        return tooMuch;
    }

    /** The field, with dots between levels: {@code tls.certificate}. */
    public String path() {
        return path;
    }

    /** What is wrong with it, and what was expected. */
    public String complaint() {
        return complaint;
    }
}
