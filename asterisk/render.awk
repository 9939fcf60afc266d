# Replaces @NAME@ by the environment's NAME, literally, and leaves out `load` lines of modules that this Asterisk lacks.
# A semicolon would start a comment in Asterisk's files: values carry it as \;

/^load = / {
  if ((getline line < (ENVIRON["MODULES_DIR"] "/" $3)) < 0) { print "; not in this Asterisk: " $3; next }
  close(ENVIRON["MODULES_DIR"] "/" $3)
}

{
  rest = $0; out = ""
  while (match(rest, /@[A-Z][A-Z_]*@/)) {
    name = substr(rest, RSTART + 1, RLENGTH - 2)
    if (!(name in ENVIRON)) { print "render.sh: " name " is missing (" FILENAME ")" > "/dev/stderr"; exit 78 }
    value = ENVIRON[name]
    gsub(/;/, "\\\\;", value)
    out = out substr(rest, 1, RSTART - 1) value
    rest = substr(rest, RSTART + RLENGTH)
  }
  print out rest
}
