# Asterisk 20 (long-term support) from the official source release, with the modules of asterisk/etc/modules.conf and nothing else; 22 builds as well:
#   docker build -f docker/asterisk.Dockerfile -t discador/asterisk .
FROM debian:bookworm-20260918-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
      autoconf bzip2 ca-certificates curl file g++ gcc libedit-dev libjansson-dev libsqlite3-dev libssl-dev libxml2-dev make patch pkg-config uuid-dev xz-utils \
    && rm -rf /var/lib/apt/lists/*
# Another release, or another place to fetch it from, is given with --build-arg; the checksum goes with it.
ARG ASTERISK_VERSION=20.21.0
ARG ASTERISK_SHA256=13fd6e8f1fbb19a3174af82a388dd72c87eb2c92d32fca83c4d51bfab03f686a
ARG PJPROJECT_SHA256=04b2eb1f0f01aa0ad1945b167171843448a51aa6b7c3e806496d434f13a112b7
ARG SOUNDS_VERSION=1.6.1
ARG SOUNDS_SHA256=d79c3d2044d41da8f363c447dfccc140be86b4fcc41b1ca5a60a80da52f24f2d
ARG ASTERISK_DOWNLOADS=https://downloads.asterisk.org/pub/telephony
ARG PJPROJECT_DOWNLOADS=https://raw.githubusercontent.com/asterisk/third-party/master/pjproject
WORKDIR /source
# A release is moved to old-releases/ when the next one comes.
RUN file="asterisk-${ASTERISK_VERSION}.tar.gz" \
    && { curl -fsSLO "${ASTERISK_DOWNLOADS}/asterisk/releases/${file}" || curl -fsSLO "${ASTERISK_DOWNLOADS}/asterisk/old-releases/${file}"; } \
    && echo "${ASTERISK_SHA256}  ${file}" | sha256sum --check --strict \
    && tar xzf "${file}" --strip-components=1 \
    && rm "${file}"
# PJSIP is the one that this release names. Left alone, configure would fetch it and hold it against an MD5.
RUN version="$(sed -n 's/^PJPROJECT_VERSION=//p' third-party/versions.mak)" && file="pjproject-${version}.tar.bz2" \
    && mkdir /externals && cd /externals \
    && curl -fsSLO "${PJPROJECT_DOWNLOADS}/${version}/${file}" \
    && echo "${PJPROJECT_SHA256}  ${file}" | sha256sum --check --strict
RUN ./configure --prefix=/usr --libdir=/usr/lib --sysconfdir=/etc --localstatedir=/var --with-pjproject-bundled --with-externals-cache=/externals --without-x11 --without-gtk2 \
    && make menuselect.makeopts
COPY asterisk/etc/modules.conf /modules.conf
# Modules only: the compiler's flags stay as the release has them. No -march=native: the image runs on another machine than this one.
# Modules that this release lacks are left out, as render.sh leaves them out; those that it has must come out.
RUN for category in ADDONS AGIS APPS BRIDGES CDR CEL CHANNELS CODECS CORE_SOUNDS EXTRA_SOUNDS FORMATS FUNCS MOH PBX RES TESTS UTILS; do \
      menuselect/menuselect --disable-category "MENUSELECT_${category}" menuselect.makeopts || exit 1; \
    done \
    && menuselect/menuselect --disable BUILD_NATIVE menuselect.makeopts \
    && sed -n 's/^\(load\|require\) = \(.*\)\.so$/\2/p' /modules.conf > /wanted \
    && for module in $(cat /wanted); do menuselect/menuselect --enable "${module}" menuselect.makeopts || echo "not in this release: ${module}"; done \
    && make -j"$(nproc)" \
    && make install DESTDIR=/image \
    && for module in $(cat /wanted); do \
         test -f "/image/usr/lib/asterisk/modules/${module}.so" || ! grep -q "<member name=\"${module}\"" menuselect-tree || { echo "${module} was not built" >&2; exit 1; }; \
       done \
    && for module in $(sed -n 's/^require = //p' /modules.conf); do test -f "/image/usr/lib/asterisk/modules/${module}" || { echo "this release has no ${module}" >&2; exit 1; }; done
# /var/run is a link in Debian: a folder of this name could not be copied over it.
RUN file="asterisk-core-sounds-en-gsm-${SOUNDS_VERSION}.tar.gz" \
    && curl -fsSLO "${ASTERISK_DOWNLOADS}/sounds/releases/${file}" \
    && echo "${SOUNDS_SHA256}  ${file}" | sha256sum --check --strict \
    && mkdir -p /image/var/lib/asterisk/sounds/en /image/var/lib/asterisk/moh \
    && tar xzf "${file}" -C /image/var/lib/asterisk/sounds/en \
    && rm -rf /image/usr/include /image/usr/share/man /image/etc/asterisk /image/var/lib/asterisk/static-http /image/var/run \
    && find /image -name '*.so' -exec strip --strip-unneeded {} + \
    && strip /image/usr/sbin/asterisk

FROM debian:bookworm-20260918-slim
# awk and sh fill the configuration in (asterisk/render.sh); a PBX's image is no place to do without a shell.
RUN apt-get update && apt-get install -y --no-install-recommends \
      libedit2 libjansson4 libsqlite3-0 libssl3 libuuid1 libxml2 mawk \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 discador \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/discador-pbx --shell /usr/sbin/nologin discador \
    && install -d -o 10001 -g 10001 -m 0700 /var/lib/discador-pbx /run/discador-pbx
COPY --from=build /image /
COPY asterisk /opt/discador/asterisk
COPY docker/pbx /opt/discador/bin
RUN ldconfig && chmod 0755 /opt/discador/asterisk/render.sh /opt/discador/bin/*
ENV PATH=/opt/discador/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    ASTERISK_ROOT=/ ASTERISK_HOME=/var/lib/discador-pbx PBX_ETC=/run/discador-pbx/etc LANG=C.UTF-8
WORKDIR /var/lib/discador-pbx
USER 10001:10001
# Asterisk ends at once on SIGTERM; pbx-drain waits for its calls before.
STOPSIGNAL SIGTERM
ENTRYPOINT ["pbx-start"]
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=3 CMD ["pbx-command", "core waitfullybooted"]
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG SOURCE=https://github.com/discador/discador
LABEL org.opencontainers.image.title="discador/asterisk" \
      org.opencontainers.image.description="Asterisk with the configuration of Discador" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.licenses="GPL-2.0-only" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-20260918-slim"
