package dev.polywire.core.json;

/** A JSON field is missing, unknown, or not what was expected. The message begins with the field's path. */
public final class FieldException extends RuntimeException {

    private final String path;
    private final String complaint;

    public FieldException(String path, String complaint) {
        super(path + ": " + complaint, null, false, false);
        this.path = path;
        this.complaint = complaint;
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
