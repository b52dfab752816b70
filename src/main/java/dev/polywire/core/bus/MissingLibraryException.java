package dev.polywire.core.bus;

import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A class is not on the class path, because its library is an optional dependency of Polywire. The message is one line with
 * {@code group:artifact:version} of what to add.
 */
public final class MissingLibraryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Of causes, one inside another: more is a circle. */
    private static final int MAX_CAUSES = 100;

    private MissingLibraryException(String type, String library) {
        super(type + " is not on the class path (expected: the dependency " + library + ")", null, false, false);
    }

    /** The future of {@code step}, or a failed one when it throws; a missing library fails it with this exception. */
    public static <T> Future<T> told(Supplier<Future<T>> step) {
        try {
            return step.get().recover(cannot -> Future.failedFuture(or(cannot)));
        } catch (RuntimeException | LinkageError cannot) {
            return Future.failedFuture(or(cannot));
        }
    }

    /** This exception when {@code thrown} or one of its causes says that a library is missing; otherwise {@code thrown}. */
    public static Throwable or(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (cause instanceof NoClassDefFoundError || cause instanceof ClassNotFoundException) {
                String type = String.valueOf(cause.getMessage()).replace('/', '.');
                String library = library(type);
                if (library != null) {
                    return new MissingLibraryException(type, library);
                }
            }
            cause = cause.getCause();
        }
        return thrown;
    }

    /** The library of a class: that of the innermost of its packages that has one, or null. */
    private static @Nullable String library(String type) {
        Properties libraries = libraries();
        String name = type;
        while (name.lastIndexOf('.') > 0) {
            name = name.substring(0, name.lastIndexOf('.'));
            if (libraries.getProperty(name) != null) {
                return libraries.getProperty(name);
            }
        }
        return null;
    }

    /** The build fills the versions in. Read when it is needed: mostly never. */
    private static Properties libraries() {
        Properties libraries = new Properties();
        try (InputStream in = MissingLibraryException.class.getResourceAsStream("libraries.properties")) {
            if (in != null) {
                libraries.load(in);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return libraries;
    }
}
