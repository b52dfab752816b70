package dev.polywire.core.json;

/** Is told what a reader asks of its {@link Fields}. */
public interface FieldObserver {

    /** Looks away. */
    FieldObserver NONE = new FieldObserver() {

        @Override
        public void asked(String path, String name, FieldShape shape, boolean there) {}

        @Override
        public void done(String path) {}
    };

    /**
     * A reader asks for a field, perhaps not for the first time.
     *
     * @param path of its object, empty for the top level
     * @param there whether the document has it
     */
    void asked(String path, String name, FieldShape shape, boolean there);

    /** A reader has asked for all fields of an object: it has no others. */
    void done(String path);
}
