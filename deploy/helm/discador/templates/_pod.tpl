{{/* The variables of a service's container: (dict "root" $ "component" "gateway") */}}
{{- define "discador.env" -}}
{{- $root := .root -}}
{{- $needs := (get (include "discador.services" $root | fromYaml) .component).needs -}}
{{- $trial := false -}}
- name: REPLICA
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{- range $server := list "postgresql" "redis" "rabbitmq" }}
{{- if and (has $server $needs) (get $root.Values $server).trial }}{{ $trial = true }}{{ end }}
{{- end }}
{{- if $trial }}
{{ include "discador.secretVariable" (dict "variable" "TRIAL_PASSWORD" "secret" (include "discador.passwords" $root) "key" "trial-password") }}
{{- end }}
{{- range $server := list "postgresql" "redis" "locks" "rabbitmq" }}
{{- if has $server $needs }}
{{- with include (printf "discador.%s" $server) (dict "root" $root) }}
{{ . }}
{{- end }}
{{- end }}
{{- end }}
{{- if has "pbx" $needs }}
{{ include "discador.pbxVariables" (dict "root" $root "needs" $needs) }}
{{- end }}
{{- end -}}

{{/* What a container of a service is: (dict "root" $ "component" "gateway"), "env" and "mounts" for what it alone has, "sidecar" for one that
     nobody shall wait for. */}}
{{- define "discador.container" -}}
{{- $root := .root -}}
{{- $service := get (include "discador.services" $root | fromYaml) .component -}}
{{- $values := get $root.Values $service.key -}}
name: {{ .component }}
image: {{ include "discador.image" (dict "root" $root "app" $service.app) }}
imagePullPolicy: {{ $root.Values.image.pullPolicy }}
command: [node]
args:
  - --enable-source-maps
  {{- range $service.flags }}
  - {{ . }}
  {{- end }}
  - apps/{{ $service.app }}/dist/main.js
ports:
  - name: http
    containerPort: {{ $service.port }}
envFrom:
  - configMapRef:
      name: {{ include "discador.name" . }}
  {{- with $values.existingConfigMap }}
  - configMapRef:
      name: {{ . }}
  {{- end }}
env:
  {{- include "discador.env" . | nindent 2 }}
  {{- with .env }}
  {{- . | nindent 2 }}
  {{- end }}
# Alive is whoever answers; who waits for a server is alive and not ready.
{{- if not .sidecar }}
startupProbe:
  httpGet: {path: /health/live, port: http}
  periodSeconds: 1
  failureThreshold: 60
{{- end }}
livenessProbe:
  httpGet: {path: /health/live, port: http}
  {{- if .sidecar }}
  initialDelaySeconds: 60
  {{- end }}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
readinessProbe:
  httpGet: {path: /health/ready, port: http}
  periodSeconds: 2
  timeoutSeconds: 2
  failureThreshold: 2
resources:
  {{- toYaml $values.resources | nindent 2 }}
securityContext:
  {{- include "discador.containerSecurity" . | nindent 2 }}
{{- with .mounts }}
volumeMounts:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The level `restricted` of the Pod Security Standards, and nothing to write to but volumes. */}}
{{- define "discador.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* (dict "user" 10001) */}}
{{- define "discador.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .user }}
runAsGroup: {{ .user }}
fsGroup: {{ .user }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* The labels of a pod and what makes it start anew: (dict "root" $ "component" "gateway" "values" .Values.gateway) */}}
{{- define "discador.podMetadata" -}}
labels:
  {{- include "discador.labels" . | nindent 2 }}
  {{- with .values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  checksum/settings: {{ include "discador.settings" . | sha256sum }}
  checksum/servers: {{ include "discador.givenUrls" .root | sha256sum }}
  {{- with .values.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* Where a pod may be, and as whom: (dict "root" $ "component" "gateway" "values" .Values.gateway), "priority" for those that go first, "alone"
     for one that has no others to be spread from. */}}
{{- define "discador.podSpec" -}}
serviceAccountName: {{ include "discador.name" . }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- include "discador.podSecurity" (dict "user" 10001) | nindent 2 }}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- if .values.priorityClassName }}
priorityClassName: {{ .values.priorityClassName }}
{{- else if and .priority .root.Values.priorityClass.create }}
priorityClassName: {{ include "discador.priorityClass" .root }}
{{- end }}
{{- if not .alone }}
topologySpreadConstraints:
  {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "discador.selector" $ | nindent 8 }}
    matchLabelKeys: [{{ $.revisionLabel | default "pod-template-hash" }}]
  {{- end }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "discador.priorityClass" -}}
{{ .Release.Namespace }}-{{ include "discador.fullname" . }}
{{- end -}}

{{/* A claim of a StatefulSet: (dict "name" "spool" "storage" .Values.ariMonitor.storage) */}}
{{- define "discador.claim" -}}
- metadata:
    name: {{ .name }}
  spec:
    accessModes: [ReadWriteOnce]
    {{- with .storage.className }}
    storageClassName: {{ . }}
    {{- end }}
    resources:
      requests:
        storage: {{ .storage.size }}
{{- end -}}
