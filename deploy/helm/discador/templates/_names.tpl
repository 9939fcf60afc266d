{{/* What all names of the release begin with: at most 25 characters, so that a pod's name is a valid REPLICA (60). A name that is too long is
     cut and told apart by its hash. */}}
{{- define "discador.fullname" -}}
{{- $name := .Values.fullnameOverride | default (ternary .Release.Name (printf "%s-discador" .Release.Name) (contains "discador" .Release.Name)) -}}
{{- if gt (len $name) 25 -}}
{{- printf "%s-%s" ($name | trunc 18 | trimSuffix "-") (sha256sum $name | trunc 6) -}}
{{- else -}}
{{- $name -}}
{{- end -}}
{{- end -}}

{{/* (dict "root" $ "component" "gateway") */}}
{{- define "discador.name" -}}
{{ include "discador.fullname" .root }}-{{ .component }}
{{- end -}}

{{- define "discador.selector" -}}
app.kubernetes.io/name: discador
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "discador.labels" -}}
{{ include "discador.selector" . }}
app.kubernetes.io/part-of: discador
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{/* The metadata of an object: (dict "root" $ "component" "gateway"), "suffix" for a second object of its kind. */}}
{{- define "discador.metadata" -}}
name: {{ include "discador.name" . }}{{ with .suffix }}-{{ . }}{{ end }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "discador.labels" . | nindent 2 }}
{{- end -}}

{{/* An image of ours: (dict "root" $ "app" "gateway") */}}
{{- define "discador.image" -}}
{{- $image := .root.Values.image -}}
{{- $name := printf "%s/%s" $image.registry .app -}}
{{- with get $image.digests .app -}}
{{ $name }}@{{ . }}
{{- else -}}
{{ $name }}:{{ $image.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end -}}
