package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Without aircompressor on the class path, what the JDK has is there, and the rest is not offered. */
class MissingCompressorTest {

    /** Loads this wing again, and knows no aircompressor. */
    private static final class WithoutAircompressor extends ClassLoader {

        WithoutAircompressor() {
            super(MissingCompressorTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.airlift.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("dev.polywire.mongodb.wire.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? own(name) : loaded;
        }

        private Class<?> own(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException cannot) {
                throw new ClassNotFoundException(name, cannot);
            }
        }
    }

    @Test
    void isNotOffered() throws Exception {
        List<String> all = List.of("snappy", "zstd", "zlib", "noop");
        assertEquals(all, Compressors.names(Compressors.usable(all, -1)));

        Class<?> alone = new WithoutAircompressor().loadClass(Compressors.class.getName());
        Object usable = alone.getMethod("usable", List.class, int.class).invoke(null, all, -1);
        assertEquals(
                List.of("zlib", "noop"), alone.getMethod("names", List.class).invoke(null, usable));
    }
}
